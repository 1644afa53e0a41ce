import { setTimeout as sleep } from 'node:timers/promises'
import { randomEpoch } from '@millrace/log'
import {
  DiscardPolicy,
  type JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { apiCode, isNoStream, problemWith } from './errors.ts'
import { Holes } from './holes.ts'
import type { Line } from './link.ts'
import type { Limits, Settings } from './options.ts'
import { describe, type Note, type State, stateOf } from './state.ts'
import { prefixOf, wordOfStream } from './subject.ts'

/**
 * How long is waited before a stream is made anew that somebody has deleted, in milliseconds. Servers of 2.9 know it no more before they have removed its
 * files, and would remove those of the new one with them.
 */
const graveTime = 200

/** How many records that an operator has removed the server is asked to name each time. */
const mostNamed = 1_000

/** The stream of a log: made where it is missing, and looked at whenever it is another one. */
export class Stream {
  readonly #settings: Settings
  readonly #holes: Holes
  #known: string | undefined
  #limited = false
  #hasHoles = false

  constructor(settings: Settings) {
    this.#settings = settings
    this.#holes = new Holes(settings.name)
  }

  /** What is known of it now. @throws LogEngineError where it is set up so that it would lose records in silence */
  async state(line: Line): Promise<State> {
    let info = await this.#info(line)
    if (this.#known !== info.created) {
      requireSound(info.config, this.#settings.name)
      info = await this.#limit(line, info)
      this.#known = info.created
    }
    return this.#stateOf(info)
  }

  /** The same for who asks what would become of others: with its newest hole as it was not long ago. */
  async stateForAll(line: Line): Promise<State> {
    const state = await this.state(line)
    if (!state.hasManyHoles) return state
    const info = await this.#ask(line)
    if (!this.#holes.mayHaveMoved(info)) return this.#stateOf(info)
    await this.#holes.find(line, info, () => this.#ask(line))
    return this.state(line)
  }

  /**
   * Says that there is no record at a place, at or behind which others are held. Then history begins behind the newest hole, so that who has come to one is
   * not led from each to the next.
   */
  async foundHole(line: Line, offset: number): Promise<void> {
    const info = await this.#ask(line)
    if (offset > info.state.last_seq) return
    this.#holes.found(info.created, offset)
    if (await this.#holes.find(line, info, () => this.#ask(line))) return
    // That many of one subject have come after what had to make room for them, so at least that many of all.
    const { max_msgs_per_subject: limit } = info.config
    if (limit > 0) this.#holes.found(info.created, info.state.last_seq - limit)
  }

  /** Writes down what is to outlive the messages. */
  async note(line: Line, { config }: State, note: Note): Promise<void> {
    const noted = { ...config, description: describe(config.description, note) }
    await this.#unlessGone(line.manager.streams.update(this.#settings.name, noted))
  }

  /** Removes what lies below an offset. */
  async purge(line: Line, keepFrom: number): Promise<void> {
    await this.#unlessGone(line.manager.streams.purge(this.#settings.name, { seq: keepFrom }))
  }

  /** Removes the stream, and makes it anew. */
  async restart(line: Line): Promise<void> {
    await this.#unlessGone(line.manager.streams.delete(this.#settings.name))
    // It was removed when that was answered.
    this.#known = undefined
    await this.state(line)
  }

  async #unlessGone(done: Promise<unknown>): Promise<void> {
    try {
      await done
    } catch (error) {
      if (!isNoStream(error)) throw error
    }
  }

  async #info(line: Line): Promise<StreamInfo> {
    const { name } = this.#settings
    try {
      const info = await this.#ask(line)
      const hasHoles = (info.state.num_deleted ?? 0) > 0 && !hasManyHoles(info)
      if (hasHoles === this.#hasHoles) return info
      this.#hasHoles = hasHoles
      return hasHoles ? await this.#ask(line) : info
    } catch (error) {
      if (!isNoStream(error)) throw error
    }
    if (this.#known !== undefined) {
      await sleep(graveTime)
      this.#known = undefined
      return this.#info(line)
    }
    try {
      await line.manager.streams.add(this.#config())
    } catch (error) {
      // Another process was faster.
      if ((error as JetStreamApiError).code !== apiCode.streamExists) throw error
    }
    try {
      return await this.#ask(line)
    } catch (error) {
      if (isNoStream(error)) throw problemWith('unavailable', `the stream ${name} is being made anew`, error)
      throw error
    }
  }

  // Which ones were deleted is only told where it is asked.
  #ask({ manager }: Line): Promise<StreamInfo> {
    return manager.streams.info(this.#settings.name, this.#hasHoles ? { deleted_details: true } : {})
  }

  #stateOf(info: StreamInfo): State {
    const { config, state } = info
    const many = hasManyHoles(info)
    const hole = many
      ? this.#holes.of(info)
      : (state.deleted ?? []).reduce((newest, offset) => Math.max(newest, offset), 0)
    return stateOf(info, wordOfStream(this.#settings.name, config.subjects) ?? '', { many, newest: hole })
  }

  #config(): Partial<StreamConfig> & { name: string } {
    const { name, limits, replicas, storage } = this.#settings
    return {
      name,
      description: 'Log of Millrace',
      subjects: [`${prefixOf(name, randomEpoch())}.>`],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      storage: storage === 'file' ? StorageType.File : StorageType.Memory,
      num_replicas: replicas,
      ...limitsOf(limits),
    }
  }

  /** Has the limits hold that were said, once: what an operator changes afterwards stays. */
  async #limit(line: Line, info: StreamInfo): Promise<StreamInfo> {
    const wanted = limitsOf(this.#settings.said)
    const differs = Object.entries(wanted).some(
      ([name, value]) => info.config[name as keyof StreamConfig] !== value,
    )
    if (this.#limited || !differs) return info
    this.#limited = true
    await line.manager.streams.update(this.#settings.name, { ...info.config, ...wanted })
    return this.#ask(line)
  }
}

function limitsOf({ maxRecords, maxAge, maxBytes, keyWindow }: Partial<Limits>): Partial<StreamConfig> {
  return {
    ...(maxRecords !== undefined && { max_msgs: maxRecords }),
    ...(maxAge !== undefined && { max_age: Number.isFinite(maxAge) ? nanos(maxAge) : 0 }),
    ...(maxBytes !== undefined && { max_bytes: Number.isFinite(maxBytes) ? maxBytes : -1 }),
    ...(keyWindow !== undefined && { duplicate_window: nanos(keyWindow) }),
  }
}

/** Whether more may be missing from the middle of the stream than the server should be asked to name: it removes them itself, or has done so. */
function hasManyHoles({ config, state }: StreamInfo): boolean {
  return config.max_msgs_per_subject > 0 || (state.num_deleted ?? 0) > mostNamed
}

function requireSound(config: StreamConfig, name: string): void {
  const fault = faultOf(config, name)
  if (fault !== undefined) throw problemWith('settings', `the stream ${name} ${fault}`)
}

/** What is wrong with a stream, and after a colon what to do about it; `undefined` where it will do. */
export function faultOf(config: StreamConfig, name: string): string | undefined {
  if (config.mirror || config.sources?.length)
    return 'takes its messages from another one: name a stream of its own for the log'
  if (wordOfStream(name, config.subjects) === undefined) {
    return `has other subjects than a log: let them be ${name}.<word>.>, with a word of 0-9 and a-z that no stream of this name had before`
  }
  if (config.retention !== RetentionPolicy.Limits) {
    return `forgets what its consumers have seen (retention is ${config.retention}): make one with retention limits`
  }
  if (config.no_ack) return 'does not answer (no_ack): let it acknowledge'
  if (config.sealed) return 'is sealed, and takes nothing any more: name another one for the log'
  return undefined
}
