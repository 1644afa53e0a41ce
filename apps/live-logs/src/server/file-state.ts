import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'

/** What a name stands for at one moment. */
export type FileState =
  | { readonly kind: 'file'; readonly key: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** Looks a name up, through symbolic links. Whatever the answer, it never rejects. */
export async function readFileState(path: string): Promise<FileState> {
  try {
    const stats = await stat(path, { bigint: true })
    if (stats.isFile()) return { kind: 'file', key: fileKey(stats) }
    return {
      kind: 'unreadable',
      reason: stats.isDirectory() ? 'it is a directory' : 'it is not a regular file',
    }
  } catch (error) {
    return stateOfError(error)
  }
}

export function stateOfError(error: unknown): FileState {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' }
  const known = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : undefined
  return { kind: 'unreadable', reason: known ?? (error instanceof Error ? error.message : String(error)) }
}

/** Identity of a file under any name. The time of birth tells apart two files that had the same number in turn. */
export function fileKey(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`
}
