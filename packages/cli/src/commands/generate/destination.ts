import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../../usage-error.ts'
import type { OutputFile } from './output.ts'

/** A file and where it goes. */
export interface PlacedFile {
  /** The path as it is told. */
  readonly label: string
  readonly path: string
  readonly text: string
}

/**
 * Where files go: into a folder each by its name, or the only one into the file that was named.
 *
 * @throws UsageError when there are several and one file was named
 */
export function placeFiles(
  files: readonly OutputFile[],
  out: string,
  directory: string,
): readonly PlacedFile[] {
  if (isFolder(out, directory)) {
    return files.map(({ name, text }) => ({
      label: join(out, name),
      path: resolve(directory, out, name),
      text,
    }))
  }
  const [file, ...others] = files
  if (file === undefined || others.length > 0) {
    throw new UsageError(
      `${files.length} files cannot go into ${out}: ${files.map(({ name }) => name).join(', ')}; ` +
        `name a folder, as in --out ${out}/, or choose one contract with --contract`,
    )
  }
  return [{ label: out, path: resolve(directory, out), text: file.text }]
}

function isFolder(out: string, directory: string): boolean {
  const path = resolve(directory, out)
  return /[\\/]$/.test(out) || (existsSync(path) && statSync(path).isDirectory())
}
