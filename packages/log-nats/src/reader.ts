import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream'
import { type Msg, nanos } from '@nats-io/transport-node'
import { isNoStream } from './errors.ts'
import type { Inbox, Line } from './link.ts'
import { type Stored, storedOf } from './record.ts'
import type { State } from './state.ts'
import { topicPathOf } from './subject.ts'

/** About how much data a page has at most, in bytes. */
const pageBytes = 1_048_576

/** How many records of one topic are asked for at once. */
const pieceLength = 250

/** So few are asked for one by one. For more a consumer is made, or goes on that has come to their place. */
const few = 3

/** How many consumers wait for whoever reads on from where they are. A tail reads on with each look, so one for each is enough. */
const mostConsumers = 4

/** For how long the server keeps one that nobody asks, in milliseconds. */
const inactivity = 60_000

/** A consumer on the server, and the offset of what it gives next. */
interface Consumer {
  readonly line: Line
  readonly epoch: string
  readonly name: string
  readonly inbox: Inbox
  next: number
}

/** Reads a stream: single records, or many in their order. */
export class Reader {
  readonly #name: string
  readonly #prefix: string
  readonly #idle: Consumer[] = []

  constructor(name: string, domain: string | undefined) {
    this.#name = name
    this.#prefix = `${domain === undefined ? '$JS' : `$JS.${domain}`}.API.CONSUMER.MSG.NEXT.${name}`
  }

  /** The record at an offset; `undefined` where there is none. From the leader, so never an older answer than another one was. */
  get(line: Line, offset: number): Promise<Stored | undefined> {
    return this.#single(line, { seq: offset })
  }

  /** The last record of a subject. */
  last(line: Line, subject: string): Promise<Stored | undefined> {
    return this.#single(line, { last_by_subj: subject })
  }

  /** Offset of the first record at or behind a place that has any; `undefined` where there is none. */
  async next(line: Line, state: State, from: number): Promise<number | undefined> {
    const query = { seq: from, next_by_subj: `${state.prefix}.>` }
    return (await orNothing(line.manager.streams.getMessage(this.#name, query)))?.seq
  }

  /** The records from an offset on, without a hole: at most so many, and fewer where they are large or where some have gone by now. */
  async records(line: Line, state: State, from: number, count: number): Promise<readonly Stored[]> {
    const known = this.#take(line, state.epoch, from)
    if (known === undefined && count <= few) {
      const found = Array.from({ length: count }, (_, index) => this.get(line, from + index))
      return untilHole(await Promise.all(found))
    }
    const consumer = known ?? (await orNothing(this.#consume(line, state.epoch, from)))
    if (consumer === undefined) return []
    const slice = Math.max(1, Math.floor(pageBytes / state.averageSize))
    const records: Stored[] = []
    let size = 0
    while (records.length < count && size < pageBytes) {
      const wanted = Math.min(slice, count - records.length)
      const got = await this.#pull(consumer, wanted)
      for (const message of got) {
        const offset = offsetOf(message)
        // What comes from elsewhere is of a place that has been trimmed, or of a stream that was made anew.
        if (offset !== consumer.next) {
          this.#drop(consumer)
          return records
        }
        records.push(storedOf(offset, message.headers, message.data))
        consumer.next += 1
        size += message.data.length
      }
      if (got.length < wanted) break
    }
    // One that gives nothing is gone.
    if (records.length > 0) this.#keep(consumer)
    else this.#drop(consumer)
    return records
  }

  /** The newest records of a topic, at most so many, oldest first. */
  async latest(line: Line, state: State, topic: string, count: number): Promise<readonly Stored[]> {
    const subject = `${state.prefix}.${topicPathOf(topic)}`
    const consumer = await orNothing(this.#consume(line, state.epoch, state.oldest, subject))
    if (consumer === undefined) return []
    let latest: Stored[] = []
    for (let isOver = false; !isOver; ) {
      const got = await this.#pull(consumer, pieceLength)
      for (const message of got) {
        const stored = storedOf(offsetOf(message), message.headers, message.data)
        if (stored.record.topic === topic) latest.push(stored)
      }
      latest = latest.slice(-count)
      isOver = got.length < pieceLength
    }
    this.#drop(consumer)
    return latest
  }

  async #single(
    line: Line,
    query: { readonly seq: number } | { readonly last_by_subj: string },
  ): Promise<Stored | undefined> {
    const message = await orNothing(line.manager.streams.getMessage(this.#name, query))
    return message ? storedOf(message.seq, message.header, message.data) : undefined
  }

  #take(line: Line, epoch: string, next: number): Consumer | undefined {
    const index = this.#idle.findIndex(
      (consumer) => consumer.next === next && consumer.epoch === epoch && consumer.line === line,
    )
    return index < 0 ? undefined : this.#idle.splice(index, 1)[0]
  }

  #keep(consumer: Consumer): void {
    this.#idle.push(consumer)
    if (this.#idle.length <= mostConsumers) return
    const oldest = this.#idle.shift()
    if (oldest) this.#drop(oldest)
  }

  #drop({ line, name, inbox }: Consumer): void {
    // Those of a connection that is gone end by themselves.
    if (line.connection.isClosed()) return
    inbox.close()
    void line.manager.consumers.delete(this.#name, name).catch(() => {})
  }

  async #consume(line: Line, epoch: string, from: number, subject?: string): Promise<Consumer> {
    const { name } = await line.manager.consumers.add(this.#name, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      ...(subject !== undefined && { filter_subject: subject }),
      ack_policy: AckPolicy.None,
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: nanos(inactivity),
    })
    return { line, epoch, name, inbox: line.openInbox(), next: from }
  }

  /** What there is, at most so much. */
  async #pull({ line, name, inbox }: Consumer, batch: number): Promise<readonly Msg[]> {
    const messages: Msg[] = []
    const replies = line.replies((message) => {
      // Without a place of its own it is a word about the rest: there is none, or the consumer is gone.
      if (!message.reply) return messages
      return messages.push(message) === batch ? messages : undefined
    }, inbox)
    line.connection.publish(`${this.#prefix}.${name}`, JSON.stringify({ batch, no_wait: true }), {
      reply: inbox.subject,
    })
    return replies.done
  }
}

/** Nothing is there either where the stream has just been removed. Whoever asks for its state makes it anew. */
async function orNothing<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isNoStream(error)) return undefined
    throw error
  }
}

function untilHole(found: readonly (Stored | undefined)[]): Stored[] {
  const hole = found.indexOf(undefined)
  return (hole < 0 ? found : found.slice(0, hole)) as Stored[]
}

// `$JS.ACK.<stream>.<consumer>.<delivered>.<stream sequence>.…`; newer servers put domain and account before the stream.
// https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-15.md
function offsetOf({ reply = '' }: Msg): number {
  const words = reply.split('.')
  return Number(words[words.length > 9 ? 7 : 5])
}
