import { frameExtensionFields, SseParser } from '@millrace/protocol'

/** One block of a stream: an event with its data read as JSON, or with an empty name a moved position. */
export interface Block {
  readonly event: string
  readonly id: string
  readonly data?: unknown
  readonly topic?: string
  readonly time?: string
  readonly version?: string
  readonly trace?: string
  readonly at?: string
}

/** What has come on a stream, and what a test awaits of it. Nothing is dropped: a block waits until it is asked for. */
export class StreamReader {
  /** Every chunk, as it came. */
  readonly chunks: Uint8Array[] = []
  /** Resolves when the stream is over, with what broke it where it did not end by itself. */
  readonly ended: Promise<unknown>
  readonly #blocks: Block[] = []
  readonly #waiting = new Set<() => void>()
  readonly #parser: SseParser
  readonly #decoder = new TextDecoder()
  #text = ''
  #taken = 0
  #over = false
  #end!: (error: unknown) => void

  constructor(lastEventId = '') {
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#parser = new SseParser(
      {
        message: ({ event, lastEventId: id, data, fields }) =>
          void this.#blocks.push({ event, id, data: JSON.parse(data), ...fields }),
        id: (id) => void this.#blocks.push({ event: '', id }),
      },
      { extensionFields: frameExtensionFields, lastEventId },
    )
  }

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    this.#text += this.#decoder.decode(chunk, { stream: true })
    this.#parser.push(chunk)
    this.#wake()
  }

  end(error?: unknown): void {
    this.#over = true
    this.#end(error)
    this.#wake()
  }

  /** All that has come so far. */
  get text(): string {
    return this.#text
  }

  /** The blocks that nobody has taken yet, also those that will still come. */
  get blocks(): readonly Block[] {
    return this.#blocks.slice(this.#taken)
  }

  /** The next block. Rejects when the stream ends without one. */
  async next(): Promise<Block> {
    const [block] = await this.take(1)
    return block as Block
  }

  /** The next blocks. */
  async take(count: number): Promise<readonly Block[]> {
    await this.until(() => this.#blocks.length >= this.#taken + count)
    const blocks = this.#blocks.slice(this.#taken, this.#taken + count)
    this.#taken += count
    return blocks
  }

  /** The next blocks, up to and with one of this name. */
  async takeTo(event: string): Promise<readonly Block[]> {
    const blocks: Block[] = []
    while (blocks.at(-1)?.event !== event) blocks.push(await this.next())
    return blocks
  }

  /** Every block that is left once the stream is over. */
  async rest(): Promise<readonly Block[]> {
    await this.ended
    return this.take(this.blocks.length)
  }

  /** Resolves once something is so, looking at whatever comes. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#over)
        throw new Error(`The stream ended before that, after ${JSON.stringify(this.#text.slice(-300))}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
