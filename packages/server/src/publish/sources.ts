import type { ChannelDefinition, Topic } from '@millrace/contract'
import type { TopicInterest } from '../feed/interest.ts'
import type { Settings } from '../options.ts'
import type { NewEvent } from './publication.ts'
import type { Publisher } from './publisher.ts'
import { SourceRun } from './source-run.ts'

/** What a source is for. */
export interface SourceRequest<Params = unknown> {
  /** The params of the topic. */
  readonly params: Params
  /** Its address. */
  readonly address: string
  /** Aborted when it is to stop. What it waits for has to end then. */
  readonly signal: AbortSignal
}

/** Makes the events of a topic, for as long as somebody wants them. Each one that it yields is published before the next is asked for. */
export type Source<Params = unknown, Event = NewEvent> = (
  request: SourceRequest<Params>,
) => AsyncIterable<Event>

/** Settings of a source. */
export interface SourceOptions {
  /** How long a source goes on when nobody is left, in milliseconds: most come back. @default 5_000 */
  readonly grace?: number
}

interface Registered {
  readonly source: Source
  readonly grace: number
}

/** Runs the sources of those topics that have subscribers. */
export class Sources {
  readonly #settings: Settings
  readonly #publisher: Publisher
  readonly #sources = new Map<ChannelDefinition, Registered>()
  readonly #runs = new Map<string, SourceRun>()
  #stopped = false

  constructor(settings: Settings, publisher: Publisher) {
    this.#settings = settings
    this.#publisher = publisher
  }

  /**
   * @param present what is subscribed to already
   * @throws TypeError where the channel has a source already; RangeError for a grace that is none
   */
  add(
    channel: ChannelDefinition,
    source: Source,
    { grace = 5_000 }: SourceOptions,
    present: Iterable<TopicInterest>,
  ): void {
    if (typeof source !== 'function') throw new TypeError('source needs a function that makes events')
    if (this.#sources.has(channel)) throw new TypeError(`"${channel.path}" has a source already`)
    if (!Number.isSafeInteger(grace) || grace < 0) {
      throw new RangeError(`grace must be a whole number from 0, not ${String(grace)}`)
    }
    this.#sources.set(channel, { source, grace })
    for (const interest of present) if (interest.channel === channel) this.join(interest)
  }

  /** How many run, or wait to begin again. */
  get active(): number {
    let active = 0
    for (const run of this.#runs.values()) if (run.active) active += 1
    return active
  }

  /** Somebody wants a topic. A pattern wants whatever there is, and makes nothing come about. */
  join({ channel, address, pattern }: TopicInterest): void {
    const registered = this.#sources.get(channel)
    if (registered === undefined || pattern || this.#stopped) return
    let run = this.#runs.get(address)
    if (run === undefined) {
      const { source, grace } = registered
      const params = channel.decodeAddress(address) ?? {}
      const topic: Topic = { open: [], kind: 'topic', address, params, channel }
      run = new SourceRun({
        ...this.#settings,
        topic,
        source,
        grace,
        publish: (event) => this.#publisher.publish({ topic, ...event }),
        hasEnded: () => this.#publisher.hasEnded(address),
        onIdle: () => void this.#runs.delete(address),
      })
      this.#runs.set(address, run)
    }
    run.join()
  }

  /** Somebody who had joined wants it no more. */
  leave({ channel, address, pattern }: TopicInterest): void {
    if (!pattern && this.#sources.has(channel)) this.#runs.get(address)?.leave()
  }

  /** Stops all, for good. */
  stop(): void {
    this.#stopped = true
    for (const run of this.#runs.values()) run.stop()
    this.#runs.clear()
  }
}
