import { joinPlaces } from '@millrace/protocol'
import { type EventClient, type EventIterator, isReset, type Subscription } from '../src/index.ts'
import { faultOfCursor } from './judge-cursor.ts'
import type { Link } from './link.ts'
import { watchReady } from './ready-watch.ts'
import type { Moment, Taking } from './scenario.ts'
import { hasState, namesOf, shop, topicAt } from './shop.ts'
import type { States } from './states.ts'
import type { Truth } from './truth.ts'
import type { VirtualTime } from './virtual-time.ts'
import { type Accuse, type Pending, type Told, Witness, write } from './witness.ts'

/** How much may wait to be acknowledged. */
export const mostUnacknowledged = 4

/** What the handlers throw here, so that it is known again. */
export class Planned extends Error {}

interface AudienceOptions {
  readonly client: EventClient
  /** That of the shard that an address is in, or of all that a pattern is in. */
  readonly truthsOf: (address: string) => readonly Truth[]
  readonly states: States
  /** What the client is called; nothing where it is the only one. */
  readonly name: string
  readonly time: VirtualTime
  readonly accuse: Accuse
  readonly happened: (moment: Moment, what: () => string) => void
  /** Called before a witness is told of something: what is known of the network is to be known to it. */
  readonly place: (witness: Witness) => void
  readonly counts: { events: number; resets: number }
  readonly links: readonly Link[]
  /** Whether there is one subscription at a time. */
  readonly isNarrow: boolean
  /** Whether a state follows an address, too. */
  readonly isFollowed: (address: string) => boolean
}

interface Seat {
  readonly witness: Witness
  readonly controller: AbortController | undefined
  readonly subscription: Subscription
}

/** The subscriptions, and how each of them takes what comes. */
export class Audience {
  readonly seats: Seat[] = []
  /** Listeners on the signals of subscriptions that are still there. */
  readonly listening = new Set<Witness>()
  readonly #options: AudienceOptions
  #waking: (() => void)[] = []
  #opening: Witness | undefined
  #calm = false

  constructor(options: AudienceOptions) {
    this.#options = options
  }

  get witnesses(): Witness[] {
    const all = this.seats.flatMap(({ witness }) => witness.lanes)
    return this.#opening ? [...all, ...this.#opening.lanes] : all
  }

  /** That of a name, as it was subscribed to last. */
  kept(durable: string, address: string): Witness | undefined {
    return this.witnesses.findLast(({ taking }) => taking.durable === durable && taking.address === address)
  }

  /** Whether all of them stand where they say. */
  inspect(): void {
    const { accuse } = this.#options
    const seats = this.seats.flatMap(({ witness, subscription }) =>
      witness.lanes.map((lane) => ({ witness: lane, subscription })),
    )
    for (const { witness, subscription } of seats) {
      if (witness.closed || witness.isOver || witness.ending !== 'none' || !witness.isStarted) continue
      const { cursor } = subscription
      // Those who have it too hold it up, or those who have to acknowledge.
      const isLate = this.witnesses.some(
        ({ holdsUp, taking, count, truth }) =>
          holdsUp ||
          // It may be full, as far as a few may fill it.
          (taking.form === 'iterator' && truth.head.offset - count > 100),
      )
      const fault = faultOfCursor(witness, cursor, isLate)
      if (fault !== undefined) accuse(`${witness.label} says that it stands at ${cursor}: ${fault}`)
    }
  }

  subscribe(given: Taking): void {
    const taking = settle(given)
    const { truthsOf, states, client, accuse, name, links, isNarrow, isFollowed } = this.#options
    if (isNarrow && this.witnesses.some(({ closed }) => !closed)) return
    // A name is in use once.
    if (taking.durable !== undefined && this.kept(taking.durable, taking.address)?.isUsed) return
    const { address, from, back, former: isFormer, form, signal } = taking
    const truths = truthsOf(address)
    const cursors = truths.map((truth) => {
      const life = (isFormer && truth.former) || truth.present
      return truth.at(life, Math.max(0, life.records.length - back))
    })
    const start = from === 'cursor' ? write(joinPlaces(cursors)) : from
    const label = `${name}${this.seats.length} (${form}, ${address} from ${start})`
    const isAlone = () =>
      !isFollowed(address) &&
      this.seats.filter(({ witness }) => witness.taking.address === address).length < 2
    let witness: Witness | undefined
    for (const [index, truth] of truths.entries()) {
      const place = from === 'cursor' ? cursors[index] : undefined
      const lane = new Witness(label, taking, place, { truth, states }, accuse, isAlone, witness)
      witness ??= lane
    }
    if (witness === undefined) throw new TypeError('A log has one shard at least')
    const controller = signal ? new AbortController() : undefined
    if (controller !== undefined) this.#countListeners(controller.signal, witness)
    const { durable, ack } = taking
    witness.isStarted = durable === undefined
    const options = {
      from: start,
      ...(controller && { signal: controller.signal }),
      ...(durable && { durable }),
      ...(ack && { ack }),
    }
    // What is kept may be read at once.
    this.#opening = witness
    let subscription: Subscription
    try {
      subscription = this.#open(taking, witness, options, client)
    } catch (error) {
      // A name is in use once; one that the server has ended may still be, or not.
      this.#opening = undefined
      if (durable && String(error).includes('is open already')) return
      throw error
    }
    const seat = { witness, controller, subscription }
    this.#opening = undefined
    this.seats.push(seat)
    watchReady(seat.subscription, witness, { links, accuse })
    this.#options.happened('status', () => `subscribed ${label} ${JSON.stringify(taking.pace)}`)
  }

  unsubscribe(which: number, how: 'close' | 'abort'): void {
    const open = this.seats.filter(({ witness }) => !witness.closed)
    const seat = open[which % Math.max(1, open.length)]
    if (seat !== undefined) this.#close(seat, how)
  }

  unsubscribeAll(): void {
    for (const seat of this.seats) if (!seat.witness.closed) this.#close(seat, 'close')
  }

  /** The client was closed, and every subscription with it. */
  markClosed(): void {
    for (const { witness } of this.seats) witness.closed = true
  }

  /** Nobody lets the others wait any longer. */
  release(): void {
    this.#calm = true
    for (const wake of this.#waking.splice(0)) wake()
  }

  #close({ witness, controller, subscription }: Seat, how: 'close' | 'abort'): void {
    if (how === 'abort' && controller !== undefined) controller.abort()
    else subscription.close()
    witness.closed = true
    this.#options.happened('handled', () => `closed ${witness.label}`)
  }

  #open(
    taking: Taking,
    witness: Witness,
    options: { from: string; signal?: AbortSignal; durable?: string; ack?: 'manual' },
    client: EventClient,
  ): Subscription {
    const { address, bare, form, states } = taking
    const topic = address === 'orders/*' ? shop.orders() : topicAt(address)
    const target = bare ? address : topic
    // Of any kind: what is told is judged by what it is.
    const subscribe = client.subscribe as (target: unknown, ...rest: unknown[]) => Subscription
    const handler = (told: Told) => this.#handle(witness, told)
    const finish = (error: unknown) => {
      witness.isOver = true
      this.#options.happened('handled', () => `${witness.label} is over${error ? `: ${error}` : ''}`)
    }
    // Nothing else tells when one with handlers is over.
    const watched = { ...options, '~watch': { finish } }
    if (form === 'handler') return subscribe(target, handler, watched)
    if (form === 'named') {
      const told = states && hasState(address) ? { 'millrace.snapshot': handler } : {}
      return subscribe(topic, { ...told, [namesOf(address)]: handler }, watched)
    }
    const iterator = subscribe(target, options) as EventIterator<Told>
    void this.#iterate(witness, iterator)
    return iterator
  }

  #tell(witness: Witness, told: Told): ReturnType<Witness['told']> {
    const { place, counts } = this.#options
    counts[isReset(told) ? 'resets' : 'events'] += 1
    for (const lane of witness.lanes) place(lane)
    return witness.laneOf(told).told(told)
  }

  #handle(witness: Witness, told: Told): Promise<void> | undefined {
    const done = this.#tell(witness, told)
    this.#options.happened('handler', () => `${witness.label} is told ${told.id} ${told.name}`)
    const { pace, fails, closesAfter } = witness.taking
    const isFailing = fails > 0 && witness.count % fails === 0
    const end = () => {
      this.#acknowledge(witness, done(witness.taking.ack === 'manual'))
      if (closesAfter > 0 && witness.count >= closesAfter) this.#closeFromWithin(witness)
      this.#options.happened('handled', () => `${witness.label} has handled ${told.id}`)
      if (isFailing) throw new Planned('as planned')
    }
    const pausing = this.#pause(pace)
    if (pausing === undefined) return void end()
    return pausing.then(end)
  }

  async #iterate(witness: Witness, iterator: EventIterator<Told>): Promise<void> {
    const { pace, closesAfter } = witness.taking
    let pending: Pending | undefined
    try {
      for (;;) {
        await this.#pause(pace)
        // Who asks for the next one has handled the one before.
        if (witness.taking.ack !== 'manual') witness.handled(pending)
        const { value, done } = await iterator.next()
        if (done) break
        // It had been handed over when it was closed. Who asks for the next one would have handled it.
        if (witness.closed) break
        pending = this.#tell(witness, value)(true)
        this.#acknowledge(witness, pending)
        this.#options.happened('handler', () => `${witness.label} takes ${value.id} ${value.name}`)
        if (closesAfter > 0 && witness.count >= closesAfter) this.#closeFromWithin(witness)
      }
      this.#options.happened('handled', () => `${witness.label} is done`)
    } catch (error) {
      this.#options.happened('handled', () => `${witness.label} fails: ${String(error)}`)
    }
    witness.isOver = true
  }

  // Some at once and some later, so that they overtake each other.
  #acknowledge(witness: Witness, pending: Pending | undefined): void {
    if (witness.taking.ack !== 'manual' || pending === undefined) return
    const acknowledge = () => {
      witness.handled(pending)
      this.seats.find((seat) => seat.witness === witness)?.subscription.ack(pending)
    }
    if (witness.count % 3 === 0) this.#options.time.after(50, 'client', acknowledge)
    else acknowledge()
  }

  #closeFromWithin(witness: Witness): void {
    const seat = this.seats.find((seat) => seat.witness === witness)
    if (seat !== undefined && !witness.closed) this.#close(seat, 'close')
  }

  #pause(pace: Taking['pace']): Promise<unknown> | undefined {
    if (pace === 'sync' || (this.#calm && !(typeof pace === 'object' && 'turns' in pace))) return undefined
    if (pace === 'hung') return new Promise<void>((resolve) => this.#waking.push(resolve))
    if ('turns' in pace) return turns(pace.turns)
    return new Promise<void>((resolve) => {
      this.#options.time.after(pace.milliseconds, 'client', resolve)
    })
  }

  #countListeners(signal: AbortSignal, witness: Witness): void {
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
      this.listening.add(witness)
      addEventListener.apply(signal, given)
    }
    signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
      this.listening.delete(witness)
      removeEventListener.apply(signal, given)
    }
  }
}

/** Lets so many turns of the microtask queue pass. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await undefined
}

// What cannot be asked for is not.
function settle(taking: Taking): Taking {
  if (taking.address !== 'nowhere/1') return taking.form === 'named' ? { ...taking, bare: false } : taking
  return { ...taking, bare: true, form: taking.form === 'named' ? 'handler' : taking.form }
}
