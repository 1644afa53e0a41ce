import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { isDocument } from '../sources/kinds.ts'

/** The documents in a folder and in the folders within it, in the order of their names. */
export async function findDocuments(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && isDocument(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !relative(folder, path).split(sep).includes('node_modules'))
    .sort()
}
