import type { AnyChannel, Carried, ChannelDefinition } from '@millrace/contract'
import { controlEvent, type Position } from '@millrace/protocol'
import { DeadlineError, within } from '../deadline.ts'
import { EventTooLargeError } from '../errors.ts'
import type { TopicInterest } from '../feed/interest.ts'
import type { Settings } from '../options.ts'
import type { StatePlace } from '../session/state-place.ts'
import type { Meter } from '../telemetry/meter.ts'
import { encodeData } from './record.ts'

/** The params of a channel's topics. */
export type ParamsIn<Channel extends AnyChannel> =
  Channel extends Carried<infer Params, infer _Events, infer _State> ? Params : unknown

/** What a snapshot is asked for. */
export interface SnapshotRequest<Params = unknown> {
  /** The params of the topic. */
  readonly params: Params
  /** Its address. */
  readonly address: string
  /** Aborted when the answer is not waited for any more. */
  readonly signal: AbortSignal
}

/**
 * Tells the state of a topic, as the channel's `snapshot` has it in code; `undefined` where there is none. Everything that was published when
 * it is called has to be in it.
 */
export type SnapshotProvider<Params = unknown, State = unknown> = (
  request: SnapshotRequest<Params>,
) => State | undefined | Promise<State | undefined>

/** The state of a topic at a position, encoded. */
export interface TopicState {
  readonly position: Position
  /** Version of the state's schema. */
  readonly version: number
  /** JSON. */
  readonly data: string
}

type StatedTopic = Pick<TopicInterest, 'address' | 'channel' | 'pattern'> &
  Partial<Pick<TopicInterest, 'events'>>

interface Flight {
  readonly position: Position
  readonly history: StatePlace['history']
  readonly state: Promise<TopicState | undefined>
  readonly abort: () => void
}

/** Gets the states of topics, for those who cannot be told how they came about. */
export class Snapshots {
  readonly #settings: Settings
  readonly #meter: Pick<Meter, 'count'>
  readonly #providers = new Map<ChannelDefinition, SnapshotProvider>()
  readonly #flights = new Map<string, Flight>()

  constructor(settings: Settings, meter: Pick<Meter, 'count'>) {
    this.#settings = settings
    this.#meter = meter
  }

  /** @throws TypeError where the channel has no snapshot in the contract, or a provider already */
  provide(channel: ChannelDefinition, provider: SnapshotProvider): void {
    if (channel.snapshot === undefined) {
      throw new TypeError(`"${channel.path}" has no snapshot in the contract: add the schema of its state`)
    }
    if (typeof provider !== 'function') throw new TypeError('snapshot needs a function that tells the state')
    if (this.#providers.has(channel)) throw new TypeError(`"${channel.path}" has a snapshot already`)
    this.#providers.set(channel, provider)
  }

  /** Whether there is a state of this topic to be had, for somebody who wants it. */
  has({ channel, pattern, events }: Omit<StatedTopic, 'address'>): boolean {
    // Who names what is wanted names it, too.
    return !pattern && events?.has(controlEvent.snapshot) !== false && this.#providers.has(channel)
  }

  /**
   * The state of a topic at a position, or at an older one for which somebody asks at the moment; `undefined` where there is none or it
   * cannot be had. Never rejects.
   *
   * @param place one in the log that it has reached by now
   * @param least the offset of the oldest place of which a state is of use
   */
  take(interest: StatedTopic, { position, history }: StatePlace, least = 0): Promise<TopicState | undefined> {
    const { address, channel } = interest
    const provider = this.has(interest) ? this.#providers.get(channel) : undefined
    if (provider === undefined) return Promise.resolve(undefined)
    const flying = this.#flights.get(address)
    // Of another life of the log, its position would be none.
    const isShared = flying?.position.epoch === position.epoch && flying.history === history
    if (isShared && flying.position.offset >= least) return flying.state
    const controller = new AbortController()
    const state = this.#ask(provider, interest, position, controller).finally(() => {
      if (this.#flights.get(address) === flight) this.#flights.delete(address)
      controller.abort()
    })
    const flight: Flight = { position, history, state, abort: () => controller.abort() }
    this.#flights.set(address, flight)
    return state
  }

  /** Tells those who are asked that nobody waits any more. */
  stop(): void {
    for (const { abort } of this.#flights.values()) abort()
  }

  async #ask(
    provider: SnapshotProvider,
    { address, channel }: StatedTopic,
    position: Position,
    { signal }: AbortController,
  ): Promise<TopicState | undefined> {
    const { snapshotTimeout, clock, limits, onError } = this.#settings
    const definition = channel.snapshot
    if (definition === undefined) return undefined
    this.#meter.count('snapshotsAsked', 'all')
    try {
      // The whole address was decoded when it was asked for.
      const params = channel.decodeAddress(address)
      const asking = (async () => provider({ params, address, signal }))()
      const text = `The snapshot of "${address}" did not come in ${snapshotTimeout} ms`
      const state = await within(asking, snapshotTimeout, clock, text)
      if (state === undefined) {
        this.#meter.count('snapshots', 'none')
        return undefined
      }
      const data = encodeData(definition, state, {
        limit: 'snapshotBytes',
        maxBytes: limits.snapshotBytes,
        describe: (of) => `snapshot of "${of}"`,
        of: address,
      })
      this.#meter.count('snapshots', 'state')
      return { position, version: definition.version, data }
    } catch (error) {
      this.#meter.count('snapshots', error instanceof DeadlineError ? 'timeout' : 'failed')
      if (EventTooLargeError.isInstance(error)) this.#meter.count('refused', 'snapshotBytes')
      onError(error)
      return undefined
    }
  }
}
