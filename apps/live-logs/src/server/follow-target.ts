import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What one argument asks for: a file, whether it is there yet or not, or every file that a pattern finds. */
export type FollowTarget =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'pattern'; readonly pattern: string; readonly from: string }

/** An argument that cannot be followed. Its message is for the person who wrote it. */
export class TargetError extends Error {
  override readonly name = 'TargetError'
}

const magic = /[*?[\]{}]/
const compressed = /\.(gz|bz2|xz|zst|zip|br)$/

/** Reads an argument as seen from `from`. A file whose name looks like a pattern is that file. @throws TargetError */
export function parseTarget(argument: string, from: string): FollowTarget {
  const path = resolve(from, argument)
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) return { kind: 'file', path }
    throw new TargetError(
      `${argument} is a directory. Name the files in it, such as '${join(argument, '*.log')}'.`,
    )
  }
  return magic.test(argument) ? { kind: 'pattern', pattern: argument, from } : { kind: 'file', path }
}

/** Whether a file that a pattern finds is worth reading as lines. */
export function isReadableName(path: string): boolean {
  return !compressed.test(path)
}
