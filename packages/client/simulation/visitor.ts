import type { Position } from '@millrace/protocol'
import { type ClientError, type Clock, createEventClient, type EventClient } from '../src/index.ts'
import { longPolling } from '../src/polling.ts'
import { Audience } from './audience.ts'
import { inspect, inspectQuiet } from './inspect.ts'
import { Ledger } from './ledger.ts'
import { Link } from './link.ts'
import { calmFate } from './scenario.ts'
import type { Witness } from './witness.ts'
import type { World } from './world.ts'

/** Of no other timer, so that it is known by its length. */
const connectTimeout = 10_007
// A poll may take longer.
const openingTimes: readonly number[] = [connectTimeout, connectTimeout + 60_000]

interface Timer {
  readonly milliseconds: number
  /** Whether it keeps a process alive. */
  readonly holds: boolean
}

/** One client with its subscriptions, its requests and its timers. */
export class Visitor {
  /** Nothing where it is the only one. */
  readonly name: string
  readonly client: EventClient
  readonly audience: Audience
  readonly links: Link[] = []
  readonly timers = new Set<Timer>()
  /** Since it was closed. */
  closing: { resolved: boolean } | undefined
  readonly #world: World
  readonly #index: number
  readonly #ledger: Ledger
  /** For whom the next request is made, and what they had handled as it was planned. */
  #plan: ReadonlyMap<Witness, Position | undefined> = new Map()

  /**
   * @param index how many there were before
   * @param random a number from 0 up to 1
   */
  constructor(world: World, index: number, random: () => number) {
    this.#world = world
    this.#index = index
    const { backend, time, chronicle, counts, happened, scenario } = world
    const { cap, clients, posts, rests, held } = scenario.settings
    this.name = clients > 1 ? `client ${index}, ` : ''
    this.client = createEventClient({
      url: `http://server.test/events${posts ? `?app=${'x'.repeat(2_000)}` : ''}`,
      fetch: (request) => this.#fetch(request),
      headers: () => this.#headers(),
      onError: (error) => this.#onError(error),
      backoff: { base: 1_000, floor: 100, cap },
      connectTimeout,
      whenHidden: rests ? 'pause' : 'keep',
      ...(held > 0 && { polling: longPolling({ retryStreamAfter: 20_000 }) }),
      clock: this.#clock(),
      random,
    })
    this.client.onStatus((status) => {
      happened(
        'status',
        () => `${this.name}status: ${status.state}${status.cause ? ` (${status.cause.message})` : ''}`,
      )
    })
    this.#ledger = new Ledger(world, this.links, () => this.audience.witnesses)
    this.audience = new Audience({
      client: this.client,
      truth: backend.truth,
      states: backend.states,
      name: this.name,
      time,
      accuse: chronicle.accuse,
      happened,
      place: (witness) => this.#ledger.place(witness),
      counts,
    })
  }

  /** Whether it opens a stream. */
  get connecting(): boolean {
    return [...this.timers].some(({ milliseconds }) => openingTimes.includes(milliseconds))
  }

  /** Whether it waits for the next attempt. */
  get waiting(): boolean {
    return [...this.timers].some(({ holds }) => holds)
  }

  /** A subscription of which something does not hold that has to, sooner or later. */
  waitsFor(holds: (witness: Witness) => boolean): Witness | undefined {
    if (this.closing !== undefined) return undefined
    return this.audience.witnesses.find((witness) => !witness.closed && !holds(witness))
  }

  close(): void {
    if (this.closing !== undefined) return
    const closing = { resolved: false }
    this.#world.chronicle.log(() => `closes the ${this.name || 'client'}`)
    // What it calls on its way is told that it is over.
    this.closing = closing
    void this.client.close().then(() => {
      closing.resolved = true
    })
    this.audience.markClosed()
  }

  /** Looks at how things are, whenever nothing more happens without time going by. */
  inspect(): void {
    this.#ledger.settle()
    inspect(this, this.#world)
  }

  /** Nothing may be left, now that nobody wants anything. */
  inspectQuiet(when: string): void {
    inspectQuiet(this, this.#world, when)
  }

  #headers(): Record<string, string> | Promise<Record<string, string>> {
    const { witnesses } = this.audience
    this.#plan = new Map(
      witnesses.filter(({ closed }) => !closed).map((witness) => [witness, witness.finished]),
    )
    this.#world.happened('headers', () => `${this.name}headers are asked for`)
    const { headers } = this.#world.scenario.settings
    const now = { 'x-app': 'simulation' }
    if (headers === 0 || this.#world.calm) return now
    return new Promise((resolve) => {
      this.#world.time.after(headers, 'client', () => resolve(now))
    })
  }

  #fetch(request: Request): Promise<Response> {
    const { backend, calm, scenario, page, counts, time, wall, happened } = this.#world
    const number = this.links.length + 1
    const plan = this.#plan
    const fate =
      (calm ? undefined : scenario.fates[(number - 1) * scenario.settings.clients + this.#index]) ?? calmFate
    const link = new Link(number, request, fate, [...plan.keys()], {
      time,
      wall,
      happened,
      server: () => backend.server?.fetch,
      denies: (address) => backend.rights.denies(address),
      oldest: () => backend.truth.oldest,
      isOffline: () => !page.online,
      holds: !calm && number <= scenario.settings.held,
      requested: (link) => this.#ledger.requested(link, plan),
      adopted: (link) => this.#ledger.adopted(link),
      answered: (link, status) => this.#ledger.answered(link, status),
    })
    counts.requests += 1
    if (this.links.some((link) => link.live && link.adopted)) counts.handOvers += 1
    this.links.push(link)
    return link.run()
  }

  #onError(error: ClientError): void {
    this.#world.chronicle.log(() => `${this.name}is told of an error: ${error.message}`)
    this.#ledger.reported(error)
    this.#world.happened('error', () => '')
  }

  #clock(): Clock {
    const { wall, time, happened } = this.#world
    return {
      now: wall,
      after: (milliseconds, task, holds = false) => {
        const timer = { milliseconds, holds }
        this.timers.add(timer)
        const cancel = time.after(milliseconds, 'client', () => {
          this.timers.delete(timer)
          happened('timer', () => `a timer of ${Math.round(milliseconds)} ms is due`)
          task()
        })
        return () => {
          this.timers.delete(timer)
          cancel()
        }
      },
    }
  }
}
