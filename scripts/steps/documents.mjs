import { existsSync } from 'node:fs'
import { developmentNode } from '../lib/development-node.mjs'
import { documentTrial } from '../lib/document-trial.mjs'
import { toolEnvironment } from '../lib/environment.mjs'
import { inRoot } from '../lib/root.mjs'
import { run } from '../lib/run.mjs'
import { failed, passed } from '../lib/step.mjs'

// Our own, of every construct, and a collection of public ones that a checkout may have beside it.
const folders = ['packages/cli/documents', '../shared/documents']

export const documents = {
  name: 'documents',
  title: 'documents become contracts',
  async run() {
    const { entry, flags } = documentTrial
    const notes = []
    for (const folder of folders.filter((folder) => existsSync(inRoot(folder)))) {
      const { code, output, stdout } = await run(developmentNode(), [...flags, entry, inRoot(folder)], {
        environment: toolEnvironment(),
      })
      if (code !== 0) return failed(output)
      notes.push(`${folder}: ${stdout.trim().split('\n').at(-1)}`)
    }
    return passed(notes.join('; '))
  },
}
