import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './root.mjs'
import { workspacePackages } from './workspace.mjs'

/** Files of the workspace whose name ends so, relative to the root. */
export const testFiles = (ending) => workspacePackages().flatMap(({ directory }) => search(directory, ending))

function search(directory, ending) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : search(path, ending)
    return entry.name.endsWith(ending) ? [relative(root, path)] : []
  })
}
