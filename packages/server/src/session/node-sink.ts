import type { Parcel, Sink, SinkObserver } from './sink.ts'

/** What a sink needs of a response of `node:http`, and has in the compatible response of `node:http2` too. */
export interface NodeResponse {
  readonly writableEnded: boolean
  readonly writableLength: number
  /** Of a response. */
  readonly socket?: { readonly remoteAddress?: string | undefined } | null
  /** Of a stream of HTTP/2. */
  readonly session?: { readonly socket?: { readonly remoteAddress?: string | undefined } } | undefined
  write(bytes: Uint8Array): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'close' | 'drain', listener: () => void): unknown
  listenerCount(event: 'drain', listener: () => void): number
}

interface SinkResponse extends NodeResponse {
  millraceSink?: NodeSink
}

/** A sink that is a response whose head was written, and whose errors are heard. All share their listeners: closures cost memory. */
export class NodeSink implements Sink {
  readonly #response: NodeResponse
  // As long as it is open.
  #observer: SinkObserver | undefined

  constructor(response: NodeResponse, observer: SinkObserver) {
    this.#response = response
    this.#observer = observer
    const own: SinkResponse = response
    own.millraceSink = this
    // `drain` never comes once the client has left, and `close` comes in every case.
    response.on('close', closed)
  }

  write({ bytes }: Parcel): boolean {
    if (this.#observer === undefined || this.#response.writableEnded) return false
    const room = this.#response.write(bytes)
    // Most responses are never full, and each listener costs memory.
    if (!room && this.#response.listenerCount('drain', drained) === 0) this.#response.on('drain', drained)
    return room
  }

  get remoteAddress(): string | undefined {
    const { socket, session } = this.#response
    return (socket ?? session?.socket)?.remoteAddress
  }

  get buffered(): number {
    return this.#observer === undefined ? 0 : this.#response.writableLength
  }

  end(): void {
    if (this.#observer !== undefined && !this.#response.writableEnded) this.#response.end()
  }

  destroy(): void {
    if (this.#observer !== undefined) this.#response.destroy()
  }

  drained(): void {
    this.#observer?.drained()
  }

  closed(): void {
    const observer = this.#observer
    this.#observer = undefined
    observer?.closed()
  }
}

function drained(this: SinkResponse): void {
  this.millraceSink?.drained()
}

function closed(this: SinkResponse): void {
  this.millraceSink?.closed()
}
