import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { type ByeData, controlEvent, type OpenData, SseParser, type Verdict } from '@millrace/protocol'
import { Sequence } from './sequence.fixture.ts'

interface Asking {
  /** The address of the streams with a query, asked before each attempt. */
  readonly url: () => string
  /** How long to wait before another attempt, in milliseconds. @default 10 */
  readonly retry?: () => number
}

/** The least that a client of the streams has to do: read a socket of its own, and come back with the last id. */
export class ResumingReader {
  readonly seen = new Sequence()
  /** How each stream began. */
  readonly verdicts: Verdict[] = []
  /** Why streams were ended by the server, as far as it said so. */
  readonly byes: string[] = []
  /** How streams ended: after a whole frame and with the end of the body, in the middle of a frame, or by the loss of the socket. */
  readonly ends: ('whole' | 'torn' | 'cut')[] = []
  /** The cursor. */
  lastEventId = ''
  readonly #asking: Asking
  readonly #heard = new Set<() => void>()
  #asked: ClientRequest | undefined
  #response: IncomingMessage | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #away = false
  // Whether the last request is over, which a client learns a turn after it has ended it.
  #ended = false
  #open = false

  constructor(asking: Asking) {
    this.#asking = asking
    this.#connect()
  }

  /** Whether a stream is open and has said so. */
  get open(): boolean {
    return this.#open
  }

  /** Takes nothing from its socket, until it resumes. */
  pause(): void {
    this.#response?.pause()
  }

  resume(): void {
    this.#response?.resume()
  }

  /** Loses its socket, and comes back. */
  cut(): void {
    this.#asked?.destroy()
  }

  /** Loses its socket, and stays away until it is told to come back. */
  leave(): void {
    this.#away = true
    clearTimeout(this.#timer)
    this.#asked?.destroy()
  }

  comeBack(): void {
    this.#away = false
    if (this.#ended) this.#again()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#asked?.destroy()
    this.#tell()
  }

  /** Resolves once something is so, looking at whatever happens. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.#closed) await new Promise<void>((resolve) => this.#heard.add(resolve))
  }

  #connect(): void {
    const headers = this.lastEventId === '' ? {} : { 'last-event-id': this.lastEventId }
    const asked = request(this.#asking.url(), { agent: false, headers }, (response) => this.#read(response))
    asked.on('error', () => {})
    asked.on('close', () => this.#over())
    asked.end()
    this.#asked = asked
    this.#ended = false
  }

  #over(): void {
    this.#ended = true
    this.#open = false
    this.#tell()
    this.#again()
  }

  #again(): void {
    if (this.#closed || this.#away) return
    this.#timer = setTimeout(() => this.#connect(), this.#asking.retry?.() ?? 10)
  }

  #read(response: IncomingMessage): void {
    this.#response = response
    response.on('error', () => {})
    if (response.statusCode !== 200) {
      response.resume()
      return
    }
    const parser = new SseParser({ extensionFields: ['topic'], lastEventId: this.lastEventId })
    let tail = ''
    response.on('data', (chunk: Uint8Array) => {
      // Once it is cut it has no claim to what still lies in its own socket.
      if (response.destroyed) return
      tail = (tail + String.fromCharCode(...chunk.subarray(-2))).slice(-2)
      parser.push(chunk)
      for (let item = parser.next(); item; item = parser.next()) {
        this.lastEventId = item.lastEventId
        if ('event' in item) this.#take(item.event, item.data, item.fields.topic ?? '')
      }
      this.#tell()
    })
    response.on('close', () => {
      if (!response.complete) this.ends.push('cut')
      // A heartbeat is a lone line.
      else this.ends.push(tail === '\n\n' || tail === ':\n' ? 'whole' : 'torn')
    })
  }

  #take(event: string, data: string, topic: string): void {
    if (event === controlEvent.open) {
      this.#open = true
      this.verdicts.push((JSON.parse(data) as OpenData).verdict)
    } else if (event === controlEvent.bye) {
      this.byes.push((JSON.parse(data) as ByeData).reason)
    } else if (event === 'said') {
      this.seen.take(topic, (JSON.parse(data) as { number: number }).number, this.lastEventId)
    } else {
      this.seen.faults.push(`${event} ${topic} ${data}`)
    }
  }

  #tell(): void {
    const heard = [...this.#heard]
    this.#heard.clear()
    for (const tell of heard) tell()
  }
}
