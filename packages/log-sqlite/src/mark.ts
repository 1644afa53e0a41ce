import { accessSync, closeSync, constants, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { formatCursor, type Position, parseCursor } from '@millrace/protocol'

// One length for every cursor, so that a shorter one leaves nothing of a longer one behind.
const length = 64

/**
 * A small file beside the log that says how far the log has come, written after each commit. It serves two ends:
 *
 * - Whoever opens the log finds out whether the log was put back to an older copy: then the mark lies beyond its head. A
 *   mark is never ahead of a log that lost nothing, because it is written after what it marks is durable.
 * - Writing it is what wakes other processes. A write to the log's own files comes before the commit can be seen.
 *
 * It is a witness, not a part of the history: where it cannot be written, or is gone, the log works as well.
 */
export class Mark {
  readonly path: string
  readonly #bytes = Buffer.alloc(length, ' ')
  #descriptor: number | undefined

  constructor(file: string) {
    this.path = `${file}-mark`
    this.#bytes.write('\n', length - 1)
  }

  /** Where the log was when the mark was last written; `undefined` when there is no mark that can be read. */
  read(): Position | undefined {
    try {
      return parseCursor(readFileSync(this.path, 'latin1').slice(0, length).trim())
    } catch {
      return undefined
    }
  }

  /** Whether it can be written, by what is known without doing so. */
  get isWritable(): boolean {
    try {
      const found = statSync(this.path, { throwIfNoEntry: false })
      if (found?.isFile() === false) return false
      accessSync(found === undefined ? dirname(this.path) : this.path, constants.W_OK)
      return true
    } catch {
      return false
    }
  }

  write(position: Position): void {
    this.#write(formatCursor(position))
  }

  /** Leaves no mark, while it is uncertain which epoch will stand. */
  blank(): void {
    this.#write('')
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #write(text: string): void {
    try {
      // Neither truncated nor appended to: another process may be reading it.
      this.#descriptor ??= openMark(this.path)
      this.#bytes.fill(' ', 0, length - 1).write(text)
      writeSync(this.#descriptor, this.#bytes, 0, length, 0)
    } catch {
      // No reason to fail an append that is durable. Tails of other processes then find it by polling.
    }
  }
}

function openMark(path: string): number {
  try {
    return openSync(path, 'r+')
  } catch {
    return openSync(path, 'wx+')
  }
}
