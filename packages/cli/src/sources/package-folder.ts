import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of the package that a file belongs to; its own where there is none. */
export function packageFolder(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) return dirname(path)
  }
}
