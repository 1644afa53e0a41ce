import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { fileKey } from './file-state.ts'
import { LineSplitter, type RawLine } from './line-splitter.ts'

const chunkSize = 64 * 1024
const fenceSize = 256
/** Bytes of a line that are kept. */
const lineLimit = 16 * 1024

/** One file being read, whatever its name becomes: a name has several lives when its file is rotated. */
export class FileLife {
  readonly key: string
  /** Bytes in the file when it was opened. */
  readonly sizeAtOpening: number
  readonly #file: FileHandle
  #splitter: LineSplitter
  #position: number
  #fence = Buffer.alloc(0)
  #modified = 0n
  #grewAt: number

  private constructor(file: FileHandle, key: string, size: number, now: number) {
    this.#file = file
    this.key = key
    this.sizeAtOpening = size
    this.#position = 0
    this.#splitter = new LineSplitter(0, lineLimit)
    this.#grewAt = now
  }

  /** @throws what the file system throws */
  static async open(path: string, now: number): Promise<FileLife> {
    // Without O_NONBLOCK, a pipe that took the file's place since the look would hold the call up for ever.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const stats = await file.stat({ bigint: true })
      if (!stats.isFile()) throw new Error('it is not a regular file')
      return new FileLife(file, fileKey(stats), Number(stats.size), now)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Up to where the file was read, in bytes. */
  get position(): number {
    return this.#position
  }

  get file(): FileHandle {
    return this.#file
  }

  /** Since when nothing was added, in milliseconds since 1970. */
  get grewAt(): number {
    return this.#grewAt
  }

  /** Goes on reading from `position`. */
  async seek(position: number): Promise<void> {
    this.#position = position
    this.#splitter = new LineSplitter(position, lineLimit)
    this.#fence = await this.#readBefore(position)
  }

  /** Whether a name is left for the file. A file without one takes room on the disk until it is closed. */
  async hasName(): Promise<boolean> {
    return (await this.#file.stat()).nlink > 0
  }

  /**
   * The size of a file that was emptied or written anew since the last look; `undefined` when it only grew. The bytes
   * before the position are compared, since a file may be emptied and grow past the old size between two looks.
   */
  async findRewrite(): Promise<number | undefined> {
    const stats = await this.#file.stat({ bigint: true })
    const size = Number(stats.size)
    if (size < this.#position) return size
    if (stats.mtimeNs === this.#modified && size === this.#position) return undefined
    const before = await this.#readBefore(this.#position)
    if (!before.equals(this.#fence)) return size
    this.#modified = stats.mtimeNs
    return undefined
  }

  /** Reads the next chunk and gives the lines that it ends; `undefined` at the end of the file. */
  async readChunk(now: number): Promise<RawLine[] | undefined> {
    const chunk = Buffer.allocUnsafe(chunkSize)
    const { bytesRead } = await this.#file.read(chunk, 0, chunkSize, this.#position)
    if (bytesRead === 0) return undefined
    const bytes = chunk.subarray(0, bytesRead)
    this.#position += bytesRead
    this.#grewAt = now
    // Copied, so that a few bytes do not keep a whole chunk.
    this.#fence = Buffer.from(Buffer.concat([this.#fence, bytes.subarray(-fenceSize)]).subarray(-fenceSize))
    return this.#splitter.push(bytes)
  }

  /** A last line that no line feed has ended. */
  flush(options: { final: boolean }): RawLine | undefined {
    return this.#splitter.flush(options)
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #readBefore(position: number): Promise<Buffer<ArrayBuffer>> {
    const bytes = Buffer.alloc(Math.min(fenceSize, position))
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, position - bytes.length)
    return bytes.subarray(0, bytesRead)
  }
}
