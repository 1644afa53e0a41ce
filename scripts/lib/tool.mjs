import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { developmentNode } from './development-node.mjs'
import { toolEnvironment } from './environment.mjs'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'

/**
 * Runs a tool that the root's package.json depends on, by its JavaScript entry under the development Node. The shims in
 * `.bin` would choose their own Node, and on Windows could not be started without a shell.
 *
 * @param name the package, or `[package, binary]` where the two differ
 */
export function tool(name, parameters, { environment = {}, directory } = {}) {
  const [packageName, binary] = Array.isArray(name) ? name : [name, name]
  const folder = inRoot('node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const entry = join(folder, typeof bin === 'string' ? bin : bin[binary])
  return run(developmentNode(), [entry, ...parameters], {
    directory,
    environment: { ...toolEnvironment(), ...environment },
  })
}
