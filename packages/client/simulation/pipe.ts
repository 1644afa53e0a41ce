import type { Random } from './random.ts'
import type { Chunks, CutKind } from './scenario.ts'

/** What a pipe does to the bytes in it. */
interface PipeTroubles {
  readonly chunks: Chunks
  readonly cut?: { readonly after: number; readonly how: CutKind }
}

/** Told of what happens in a pipe. */
interface PipeObserver {
  /** The client asks for more. */
  pulled(): void
  /** The client is about to be given this. */
  brings(piece: Uint8Array): void
  /** All that there was has been given. */
  ended(how: 'error' | 'end'): void
  wasCut(how: CutKind): void
  /** The client wants no more. */
  cancelled(): void
}

/** The way of an answer's bytes to the client. They come when it asks for them, and as the troubles will have it. */
export class Pipe {
  /** Whether the client has nothing more of it. */
  over = false
  /** Whether the answer ends with its last byte: a shorter one is a failure. */
  isMeasured = false
  readonly #troubles: PipeTroubles
  readonly #random: Random
  readonly #observer: PipeObserver
  readonly #inbox: Uint8Array[] = []
  // Told when nothing is left of what has arrived.
  #taken: (() => void) | undefined
  #body: ReadableStreamDefaultController<Uint8Array> | undefined
  #wanted: (() => void) | undefined
  #ended: 'error' | 'end' | undefined
  #stalled = false
  #isFailed = false
  #delivered = 0

  constructor(troubles: PipeTroubles, random: Random, observer: PipeObserver) {
    this.#troubles = troubles
    this.#random = random
    this.#observer = observer
  }

  get isOpen(): boolean {
    return this.#body !== undefined
  }

  /** What the client is given to read. */
  open(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#body = controller
        },
        pull: () => {
          this.#observer.pulled()
          return new Promise<void>((resolve) => {
            this.#wanted = resolve
            this.#give()
          })
        },
        cancel: () => {
          this.over = true
          this.#observer.cancelled()
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** @param taken called when the client has taken all of it */
  arrive(bytes: Uint8Array, taken?: () => void): void {
    if (this.#stalled || this.over) return
    this.#inbox.push(bytes)
    this.#taken = taken
    this.#give()
  }

  /** Nothing more will arrive. */
  end(how: 'error' | 'end'): void {
    if (this.#stalled || this.over) return
    this.#ended = how
    this.#give()
  }

  cut(how: CutKind): void {
    if (this.over) return
    if (how === 'stall') this.#stalled = true
    else {
      this.over = true
      this.#close(this.isMeasured ? 'error' : how)
      this.#wanted?.()
    }
    this.#observer.wasCut(how)
  }

  /** The client has let go of all, and its `fetch` obeys. */
  fail(reason: unknown): void {
    this.over = true
    this.#isFailed = true
    this.#body?.error(reason)
  }

  // Whoever was told that it ends may have let it go.
  #close(how: 'error' | 'end'): void {
    if (this.#isFailed) return
    if (how === 'end') this.#body?.close()
    else this.#body?.error(new TypeError('terminated'))
  }

  // The next bytes, if the client asks for some and some are there.
  #give(): void {
    const wanted = this.#wanted
    if (wanted === undefined || this.over || this.#stalled || this.#body === undefined) return
    const { cut } = this.#troubles
    const left = cut ? cut.after - this.#delivered : Number.POSITIVE_INFINITY
    if (cut && left <= 0) {
      this.cut(cut.how)
      return
    }
    const piece = this.#piece(left)
    if (piece !== undefined) {
      this.#wanted = undefined
      this.#delivered += piece.byteLength
      this.#observer.brings(piece)
      // Whoever was told of it may have ended it.
      if (!this.over) this.#body.enqueue(piece)
      if (this.#inbox.length === 0) this.#taken?.()
      wanted()
    } else if (this.#ended !== undefined) {
      this.#wanted = undefined
      this.over = true
      this.#observer.ended(this.#ended)
      this.#close(this.#ended)
      wanted()
    }
  }

  #piece(most: number): Uint8Array | undefined {
    const next = this.#inbox.shift()
    if (next === undefined) return undefined
    const { chunks } = this.#troubles
    let length = next.byteLength
    // What is very long comes in no more pieces than that.
    const least = Math.ceil(length / 2_000)
    if (chunks === 'split') length = this.#random.int(least, Math.min(length, Math.max(90, 2 * least)))
    if (chunks === 'drip') length = least
    length = Math.min(length, most)
    if (length < next.byteLength) this.#inbox.unshift(next.subarray(length))
    return length === next.byteLength ? next : next.subarray(0, length)
  }
}
