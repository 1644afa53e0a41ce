import { readFileSync } from 'node:fs'

/**
 * The memory that a process has of its own, in bytes. Not what it shares with files: an idle system may take a program's
 * own pages back, which would look like a connection that gives memory.
 */
export function ownMemory(): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8')
    return 1024 * (kilobytes(status, 'RssAnon') + kilobytes(status, 'VmSwap'))
  } catch {
    return process.memoryUsage.rss()
  }
}

function kilobytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)
}
