import { isAbsolute, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createJiti } from 'jiti'

const packageName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(\/.+)?$/

/** The module that a package, or an entry of one, stands for in a folder; `undefined` when it is not installed there. */
export function findInstalled(name: string, directory: string): string | undefined {
  if (!packageName.test(name)) return undefined
  const from = pathToFileURL(join(directory, 'contract.js')).href
  const found = createJiti(from).esmResolve(name, { try: true })
  if (found === undefined) return undefined
  // A file when it is installed; `node:fs` and the like are none.
  if (found.startsWith('file:')) return fileURLToPath(found)
  return isAbsolute(found) ? found : undefined
}
