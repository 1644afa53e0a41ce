import type { Socket } from 'node:net'
import type { Parcel, Sink, SinkObserver } from './sink.ts'

// [RFC 9112 §7.1] last-chunk = 1*("0") [ chunk-ext ] CRLF, and an empty trailer section.
const lastChunk = Buffer.from('0\r\n\r\n')

interface SinkSocket extends Socket {
  sink?: SocketSink
}

/**
 * A sink that is a socket of HTTP/1.1, with nothing of `node:http` above it: it writes the head and frames the chunks itself. The listeners are
 * the same for all sockets, because at ten thousand of them closures are a good part of what they cost.
 */
export class SocketSink implements Sink {
  readonly #socket: Socket
  readonly #observer: SinkObserver
  // Leaves with the first bytes: a write of its own is a system call of its own.
  #head: string

  /** @param socket one that is attended, see `attend` @param head of an answer in chunks, blank line included */
  constructor(socket: Socket, head: string, observer: SinkObserver) {
    this.#socket = socket
    this.#head = head
    this.#observer = observer
    const own: SinkSocket = socket
    own.sink = this
    socket.on('close', closed)
  }

  write(parcel: Parcel): boolean {
    if (this.#over) return false
    const head = this.#head
    const { text, length } = parcel
    if (text === undefined && head === '') {
      parcel.framed ??= chunkOf(parcel.bytes)
      return this.#hasRoom(this.#socket.write(parcel.framed))
    }
    this.#head = ''
    if (text !== undefined) {
      // The head holds ASCII only, and the text as a rule.
      const encoding = text.length === length ? 'latin1' : 'utf8'
      return this.#hasRoom(this.#socket.write(openingOf(head, text, length), encoding))
    }
    this.#socket.write(head, 'latin1')
    return this.#hasRoom(this.#socket.write(chunkOf(parcel.bytes)))
  }

  // Nothing more may be written: it said goodbye, the other side ended its own, or it is closed.
  get #over(): boolean {
    return this.#socket.writableEnded || this.#socket.destroyed
  }

  // What is longer than Node would hold back counts as full even where the system has taken it all at once, as it does for nearly all who resume. Most
  // sockets are never full, and each listener costs memory; one that is taken off after each time costs more.
  #hasRoom(room: boolean): boolean {
    if (room || this.#socket.writableLength === 0) return true
    if (this.#socket.listenerCount('drain') === 0) this.#socket.on('drain', drained)
    return false
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  get buffered(): number {
    return this.#socket.destroyed ? 0 : this.#socket.writableLength
  }

  end(): void {
    if (this.#over) return
    const last = this.#head === '' ? lastChunk : Buffer.from(`${this.#head}${lastChunk}`, 'latin1')
    // Once the system has it all, the stream is over; the socket closes a little later.
    this.#socket.write(last, () => SocketSink.closed(this.#socket))
    this.#socket.destroySoon()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  static drained({ sink }: SinkSocket): void {
    // Who was told goodbye has nothing more to come.
    if (sink !== undefined && !sink.#over) sink.#observer.drained()
  }

  static closed(socket: SinkSocket): void {
    const { sink } = socket
    if (sink === undefined) return
    delete socket.sink
    sink.#observer.closed()
  }
}

function drained(this: SinkSocket): void {
  SocketSink.drained(this)
}

function closed(this: SinkSocket): void {
  SocketSink.closed(this)
}

// [RFC 9112 §7.1] chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
function chunkOf(bytes: Uint8Array): Buffer {
  const start = `${bytes.byteLength.toString(16)}\r\n`
  const end = start.length + bytes.byteLength
  // Not of a pool, all of which would be held as long as this.
  const chunk = Buffer.allocUnsafeSlow(end + 2)
  chunk.write(start, 0, 'latin1')
  chunk.set(bytes, start.length)
  chunk[end] = 13
  chunk[end + 1] = 10
  return chunk
}

// Many streams begin with the very same head and the very same frame.
function openingOf(head: string, text: string, length: number): string {
  if (head !== lastOpening.head || text !== lastOpening.text) {
    lastOpening = { head, text, opening: `${head}${length.toString(16)}\r\n${text}\r\n` }
  }
  return lastOpening.opening
}

let lastOpening = { head: '', text: '', opening: '' }

/** Does for a socket what `node:http` did, as long as it lives: what comes is read and dropped, and who leaves is let go. */
export function attend(socket: Socket): void {
  // As `node:http` does: who has ended one side is not waited for. A listener would do, and cost 100 bytes of each socket.
  socket.allowHalfOpen = false
  // Followed by `close`.
  socket.on('error', ignore)
  // As `resume` does, but at once: the tick that it takes costs more than all the rest of this.
  const own: { readableFlowing: boolean | null } = socket
  own.readableFlowing = true
  socket.read(0)
}

function ignore(): void {}
