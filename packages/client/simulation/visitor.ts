import { each } from '../src/each.ts'
import { type ClientError, type Clock, createEventClient, type EventClient } from '../src/index.ts'
import { longPolling } from '../src/polling.ts'
import { cursorStorage } from '../src/storage.ts'
import { Audience, mostUnacknowledged } from './audience.ts'
import type { ShelfAccess, ShelfUser } from './cursor-shelf.ts'
import { inspect, inspectQuiet } from './inspect.ts'
import { faultOfCursor } from './judge-cursor.ts'
import { type Handled, Ledger } from './ledger.ts'
import { Link } from './link.ts'
import { calmFate } from './scenario.ts'
import { shop } from './shop.ts'
import { followed, StateFollower } from './state-follower.ts'
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
export class Visitor implements ShelfUser {
  /** Nothing where it is the only one. */
  readonly name: string
  readonly client: EventClient
  readonly audience: Audience
  readonly links: Link[] = []
  /** Where it keeps cursors; `undefined` where it keeps none. */
  readonly shelf: ShelfAccess | undefined
  #follower: StateFollower | undefined
  readonly #random: () => number
  readonly timers = new Set<Timer>()
  /** Since it was closed. */
  closing: { resolved: boolean } | undefined
  readonly #world: World
  readonly #index: number
  readonly #ledger: Ledger
  /** For whom the next request is made, and what they had handled as it was planned. */
  #plan: ReadonlyMap<Witness, Handled> = new Map()

  /**
   * @param index how many there were before
   * @param random a number from 0 up to 1
   */
  constructor(world: World, index: number, random: () => number) {
    this.#world = world
    this.#index = index
    this.#random = random
    const { backend, time, chronicle, counts, happened, scenario } = world
    const { cap, clients, posts, rests, held, stores = 'nothing', each: isNarrow = false } = scenario.settings
    if (stores !== 'nothing') this.shelf = world.shelf.open(this)
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
      ...(isNarrow && { connections: each }),
      ...(this.shelf && {
        storage: cursorStorage({
          store: this.shelf,
          identity: '',
          contract: shop,
          maxUnacknowledged: mostUnacknowledged,
        }),
      }),
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
      truthsOf: backend.truthsOf,
      states: backend.states,
      name: this.name,
      time,
      accuse: chronicle.accuse,
      happened,
      place: (witness) => this.#ledger.place(witness),
      counts,
      links: this.links,
      isNarrow,
      isFollowed: (address) => this.#follower !== undefined && address === followed,
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

  /** Wants the state of a topic. Once. */
  follow(): void {
    const { backend, time, chronicle } = this.#world
    this.#follower ??= new StateFollower(this.client, {
      states: backend.states,
      time,
      accuse: chronicle.accuse,
      random: this.#random,
    })
  }

  /** What its state says of itself, as long as it has not all there is. */
  get lateState(): string | undefined {
    const follower = this.closing === undefined ? this.#follower : undefined
    return follower?.isContent === false ? follower.status : undefined
  }

  unsubscribeAll(): void {
    this.#follower?.close()
    this.audience.unsubscribeAll()
  }

  reads(durable: string, address: string): (text: string | undefined) => void {
    // It may be closed before it is answered, and another have its name by then.
    const witness = this.audience.kept(durable, address)
    return (text) => {
      this.#world.chronicle.log(() => `${durable} of ${address} is kept at ${text}`)
      if (witness === undefined) return
      witness.isStarted = true
      for (const lane of witness.lanes) {
        const start = lane.truth.read(text ?? '')
        if (start !== undefined) lane.resumeAt(start)
        // That of a reset names the one shard that it is of.
        else if (text !== undefined) lane.beginAnew()
      }
    }
  }

  writes(durable: string, address: string, text: string): void {
    const witness = this.audience.kept(durable, address)
    this.#world.chronicle.log(() => `${durable} of ${address} is kept: ${text}`)
    for (const lane of witness?.lanes ?? []) {
      const fault = faultOfCursor(lane, text, true)
      if (fault !== undefined) this.#world.chronicle.accuse(`${lane.label} is kept at ${text}: ${fault}`)
    }
  }

  close(): void {
    if (this.closing !== undefined) return
    this.#follower?.close()
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
    this.#follower?.inspect()
    if (this.#world.scenario.settings.asks && this.closing === undefined) this.audience.inspect()
  }

  /** Nothing may be left, now that nobody wants anything. */
  inspectQuiet(when: string): void {
    inspectQuiet(this, this.#world, when)
  }

  #headers(): Record<string, string> | Promise<Record<string, string>> {
    const { witnesses } = this.audience
    this.#plan = new Map(
      witnesses
        .filter(({ closed, isStarted, isOver }) => !closed && isStarted && !isOver)
        .map((witness) => [witness, { finished: witness.finished, rested: witness.rested }]),
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
      oldest: () => backend.truths.map(({ oldest }) => oldest),
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
