import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A file system in memory, where Linux has one. What is tried there are promises that no disk is needed for, and making a file
// anew takes a disk some thirty milliseconds.
const inMemory = '/dev/shm'

/** A directory of the test's own, and how to remove it. */
export function temporaryDirectory(on: 'disk' | 'memory' = 'disk'): {
  readonly path: string
  file(name?: string): string
  remove(): void
} {
  const parent = on === 'memory' && existsSync(inMemory) ? inMemory : tmpdir()
  const path = mkdtempSync(join(parent, 'millrace-log-'))
  return {
    path,
    file: (name = 'events.db') => join(path, name),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
