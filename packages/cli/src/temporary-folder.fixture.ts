import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A folder for the files of a test, inside this package so that they find its dependencies. */
export interface TemporaryFolder {
  readonly path: string
  /** Writes a file and gives its path. */
  write(name: string, text: string): Promise<string>
  remove(): Promise<void>
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const parent = fileURLToPath(new URL('../node_modules/.test/', import.meta.url))
  await mkdir(parent, { recursive: true })
  const path = await mkdtemp(join(parent, 'files-'))
  return {
    path,
    async write(name, text) {
      const file = join(path, name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
      return file
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
