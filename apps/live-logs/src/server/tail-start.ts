import type { FileHandle } from 'node:fs/promises'

const blockSize = 64 * 1024
const lineFeed = 0x0a

/** How much of a file's end is read before it is followed. */
export interface TailAmount {
  readonly lines: number
  /** Reads no further back than this, however long the lines are. */
  readonly bytes: number
}

/**
 * Finds where the last lines of a file begin, reading backwards from `size` in blocks. Where `bytes` ends the search
 * inside a line, that line is left out, unless it is all there is.
 */
export async function findTailStart(file: FileHandle, size: number, amount: TailAmount): Promise<number> {
  if (amount.lines <= 0) return size
  const lowest = Math.max(0, size - amount.bytes)
  const block = Buffer.alloc(blockSize)
  let wanted = amount.lines
  let oldest: number | undefined
  for (let end = size; end > lowest; ) {
    const start = Math.max(lowest, end - blockSize)
    const { bytesRead } = await file.read(block, 0, end - start, start)
    for (let at = bytesRead - 1; at >= 0; at -= 1) {
      const after = start + at + 1
      // The line feed at the very end ends the last line and begins none.
      if (block[at] !== lineFeed || after === size) continue
      oldest = after
      wanted -= 1
      if (wanted === 0) return after
    }
    end = start
  }
  return lowest === 0 ? 0 : (oldest ?? lowest)
}
