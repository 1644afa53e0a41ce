import { setTimeout as wait } from 'node:timers/promises'
import type { StreamAddress } from '../peers/peer.ts'
import { createTally, scanEvents, type Tally } from './event-scanner.ts'
import { Http2Streams } from './http2-streams.ts'
import type { Sample } from './samples.ts'
import { openSocketStream, type StreamOptions } from './socket-stream.ts'
import type { Stream } from './stream.ts'

/** What is to be opened. */
export interface Opening {
  readonly port: number
  readonly address: StreamAddress
  readonly count: number
  /** How many may be waiting for their answer at the same time. */
  readonly concurrency: number
  /** Opens so many at a time, this many milliseconds apart, instead of as fast as they are accepted. */
  readonly pause?: number
  readonly cursor?: string
  /** By how much the numbers of one connection's events grow. @default 1 */
  readonly step?: number
}

interface Member {
  readonly stream: Stream
  readonly tally: Tally
  readonly step: number
}

// Of so many streams all text is kept and read by a parser of the standard.
const samples = 3

/** The streams of the generator, and what came on them. */
export class Fleet {
  readonly #members = new Set<Member>()
  readonly #http2 = new Http2Streams()
  #next = 0
  /** Events on all streams, also on those that are over. */
  events = 0
  /** Streams that ended although nobody ended them here. */
  lost = 0
  disordered = 0
  onTime: ((time: number) => void) | undefined

  get size(): number {
    return this.#members.size
  }

  /** The text of the streams that are looked at in full. */
  get samples(): readonly Sample[] {
    return [...this.#members]
      .filter(({ stream }) => stream.text !== '')
      .map(({ stream, tally }) => ({ text: stream.text, events: tally.events }))
  }

  /** Opens streams, and resolves when all are accepted. */
  async open({ port, address, count, concurrency, pause, cursor, step = 1 }: Opening): Promise<void> {
    let left = count
    const openNext = () => {
      left -= 1
      return this.#openOne({ port, address, cursor }, step)
    }
    if (pause === undefined) {
      const openSome = async () => {
        while (left > 0) await openNext()
      }
      await Promise.all(Array.from({ length: Math.min(concurrency, count) }, openSome))
      return
    }
    const opened: Promise<void>[] = []
    while (left > 0) {
      const next = wait(pause)
      for (let index = 0; index < concurrency && left > 0; index += 1) opened.push(openNext())
      await next
    }
    await Promise.all(opened)
  }

  /** Ends the oldest streams at once, all of them by default. */
  close(count: number = this.#members.size): void {
    let left = count
    for (const member of this.#members) {
      if (left === 0) return
      left -= 1
      this.#members.delete(member)
      member.stream.destroy()
    }
  }

  /** Resolves when this many events have come in all, or after the time: with what is missing then. */
  async until(events: number, timeout: number): Promise<void> {
    const deadline = performance.now() + timeout
    // Looking costs less than being told of every chunk.
    while (this.events < events && performance.now() < deadline) await wait(1)
  }

  /** Least and most events of one stream. */
  extremes(): { least: number; most: number } {
    const counts = [...this.#members].map(({ tally }) => tally.events)
    return { least: Math.min(...counts), most: Math.max(...counts) }
  }

  #openOne(where: Pick<StreamOptions, 'port' | 'address' | 'cursor'>, step: number): Promise<void> {
    const index = this.#next
    this.#next += 1
    const tally = createTally()
    const options: StreamOptions = {
      ...where,
      index,
      keep: index < samples && where.address.protocol === 'http',
      received: (chunk) => this.#received(member, chunk),
      closed: () => {
        if (this.#members.delete(member)) this.lost += 1
      },
    }
    const stream = where.address.protocol === 'http2' ? this.#http2.open(options) : openSocketStream(options)
    const member: Member = { stream, tally, step }
    this.#members.add(member)
    return stream.opened
  }

  #received({ tally, step }: Member, chunk: Buffer): void {
    const { events, disordered } = tally
    scanEvents(tally, chunk, step, this.onTime)
    this.events += tally.events - events
    this.disordered += tally.disordered - disordered
  }
}
