import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InputError } from '../../sources/input-error.ts'
import type { PlacedFile } from './destination.ts'

/**
 * Writes a file, whole or not at all. One that is the same already stays untouched.
 *
 * @returns whether it was written
 * @throws InputError when it cannot be written
 */
export async function writeWhole({ path, label, text }: PlacedFile): Promise<boolean> {
  if ((await readText(path)) === text) return false
  const draft = `${path}.${process.pid}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(draft, text)
    await rename(draft, path)
    return true
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw new InputError(`${label} cannot be written: ${error instanceof Error ? error.message : error}`)
  }
}

/** What a file holds; `undefined` when there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
