import { joinPlaces, type Position } from '@millrace/protocol'
import { Backend } from '../../simulation/backend.ts'
import { faultOfCursor } from '../../simulation/judge-cursor.ts'
import { Random } from '../../simulation/random.ts'
import type { Scenario, Taking } from '../../simulation/scenario.ts'
import { addresses, namesOf, shop, topicAt } from '../../simulation/shop.ts'
import { VirtualTime } from '../../simulation/virtual-time.ts'
import { type Told, Witness, write } from '../../simulation/witness.ts'
import { ConnectionError, type EventIterator, type Subscription } from '../index.ts'
import { ChannelHub } from './channel-hub.fixture.ts'
import { Origin, type Tab, turns } from './tabs.fixture.ts'

/** How a subscription is made, and how it takes what comes. */
export interface Wish {
  readonly address: string
  readonly from: 'now' | 'earliest' | 'cursor'
  /** Of a cursor: how many records before the newest one, and whether in the life before. */
  readonly back: number
  readonly former: boolean
  readonly form: Taking['form']
  readonly states: boolean
  /** How many turns its handler takes, or a loop; none is done at once. */
  readonly pace: number
}

interface Seat {
  readonly witness: Witness
  readonly wish: Wish
  readonly subscription: Subscription
}

/** A tab and what it has subscribed to. */
export interface Member {
  readonly tab: Tab
  readonly seats: Seat[]
  isGone: boolean
  /** For how long it has been frozen, in milliseconds; `undefined` where it is not. */
  slept: number | undefined
}

const settings: Scenario['settings'] = {
  heartbeat: 60_000,
  retry: 1,
  maxAge: 3_600_000,
  cap: 5_000,
  headers: 0,
  wakes: 'prompt',
  clients: 1,
  loses: false,
  moods: ['tells'],
  rights: 3_600_000_000,
  posts: false,
  rests: false,
  held: 0,
}

/** Tabs, a server, its log, and witnesses that know from the log's truth what each subscription must be told. */
export class Storm {
  readonly origin = new Origin(new ChannelHub().open)
  readonly backend: Backend
  readonly here: Member[] = []
  readonly all: Member[] = []
  /** Topics that were not to be read for a while. */
  readonly denied = new Set<string>()
  /** What was broken, and nothing may be. */
  readonly faults: string[] = []
  readonly #time = new VirtualTime()
  readonly #cuts = new Set<AbortController>()
  #streams: Member | undefined
  // The addresses that were asked for last.
  #asked: readonly string[] = []

  constructor(shards: number) {
    this.backend = new Backend({
      settings: { ...settings, shards },
      time: this.#time,
      random: new Random(1),
      accuse: this.#accuse,
      appended() {},
      asked() {},
    })
  }

  /** Whoever has asked for a stream last. */
  get leader(): Member | undefined {
    return this.#streams && this.here.includes(this.#streams) ? this.#streams : this.here[0]
  }

  open(...wishes: readonly Wish[]): Member {
    const tab = this.origin.open({ fetch: (request) => this.#fetch(request, member) })
    const member: Member = { tab, seats: [], isGone: false, slept: undefined }
    this.here.push(member)
    this.all.push(member)
    for (const wish of wishes) this.subscribe(member, wish)
    return member
  }

  /** @param start where one of another tab stood, of which this one takes the place */
  subscribe(member: Member, wish: Wish, start?: string): void {
    const { address, back, former: isFormer, states } = wish
    const truths = this.backend.truthsOf(address)
    // Where a loop stands after a reset is the id of that, which names one shard alone.
    const form = wish.form === 'iterator' && truths.length > 1 ? 'handler' : wish.form
    const places = truths.map((truth) => {
      const life = (isFormer && truth.former) || truth.present
      return start === undefined ? truth.at(life, Math.max(0, life.records.length - back)) : truth.read(start)
    })
    const from = start === undefined ? wish.from : 'cursor'
    const isBare = address === 'nowhere/1'
    const taking: Taking = {
      address,
      from,
      back,
      form,
      bare: isBare,
      states,
      pace: 'sync',
      fails: 0,
      closesAfter: 0,
      signal: false,
    }
    const seats = () => this.all.flatMap(({ seats }) => seats)
    const isAlone = () => seats().filter((seat) => seat.wish.address === address).length < 2
    const label = `${this.all.indexOf(member)}/${member.seats.length} (${form}, ${address} from ${from})`
    let witness: Witness | undefined
    for (const [index, truth] of truths.entries()) {
      const place = from === 'cursor' ? places[index] : undefined
      const { states } = this.backend
      const lane = new Witness(label, taking, place, { truth, states }, this.#accuse, isAlone, witness)
      witness ??= lane
    }
    if (!witness) return
    const seat = {
      witness,
      wish,
      subscription: this.#ask(
        member,
        witness,
        { ...wish, form },
        from === 'cursor' ? (start ?? write(joinPlaces(places as Position[]))) : from,
      ),
    }
    member.seats.push(seat)
  }

  unsubscribe(member: Member, which: number): void {
    const open = member.seats.filter(({ witness }) => !witness.closed)
    const seat = open[which % Math.max(1, open.length)]
    if (!seat) return
    seat.subscription.close()
    seat.witness.closed = true
  }

  close(member: Member): void {
    this.#leave(member)
    this.thaw(member, true)
    void member.tab.client.close()
    for (const { witness } of member.seats) witness.closed = true
  }

  crash(member: Member): void {
    this.#leave(member)
    member.isGone = true
    member.tab.crash()
  }

  /** Another tab goes on where this one stood. */
  reload(member: Member, crashes: boolean): void {
    const kept = member.seats.filter(({ witness }) => !witness.closed && !witness.isOver)
    const cursors = kept.map(({ subscription }) => subscription.cursor)
    if (crashes) this.crash(member)
    else this.close(member)
    const next = this.open()
    for (const [index, { wish }] of kept.entries()) this.subscribe(next, wish, cursors[index])
  }

  freeze(member: Member): void {
    member.slept ??= 0
    member.tab.freeze()
  }

  /** @param late whether what is due is done only after what it has been told meanwhile */
  thaw(member: Member, late: boolean): void {
    const { slept, tab } = member
    if (slept === undefined) return
    member.slept = undefined
    if (late) tab.thaw()
    tab.clock.advance(slept)
    tab.thaw()
  }

  cut(): void {
    for (const cut of this.#cuts) cut.abort()
    this.#cuts.clear()
  }

  deny(address: string, openToo: boolean): void {
    this.denied.add(address)
    this.backend.deny(address, openToo)
  }

  /** Lets time go by, for all who are awake. */
  pass(milliseconds: number): void {
    const end = this.#time.now + milliseconds
    while (this.#time.step(end));
    this.#time.now = end
    for (const member of this.here) {
      if (member.slept === undefined) member.tab.clock.advance(milliseconds)
      else member.slept += milliseconds
    }
  }

  /** Looks at what holds at any moment. */
  inspect(): void {
    for (const { isGone, seats } of this.all) {
      if (isGone) continue
      for (const { witness, subscription } of seats) {
        const { closed, isOver, ending, isComplete, label, lanes } = witness
        if (isOver && !closed && ending === 'none' && !isComplete)
          this.#accuse(`${label} is over, and nobody knows why`)
        if (closed || isOver) continue
        for (const lane of lanes) {
          const fault = faultOfCursor(lane, subscription.cursor, true)
          if (fault) this.#accuse(`${label} says that it stands at ${subscription.cursor}: ${fault}`)
        }
      }
    }
    if (this.faults[0]) throw new Error(this.faults[0])
  }

  /** Nothing more befalls them: everybody has to get well, and then to leave nothing behind. */
  async end(): Promise<void> {
    this.backend.calm()
    for (const member of this.here) this.thaw(member, false)
    const witnesses = () =>
      this.here
        .flatMap(({ seats }) => seats.flatMap(({ witness }) => witness.lanes))
        .filter(({ closed }) => !closed)
    const all = (what: string, holds: (witness: Witness) => boolean) =>
      this.#until(() => {
        const late = witnesses().find((witness) => !holds(witness))
        return (
          late &&
          `${late.label} ${what}, at ${late.place && write(late.place)} of ${write(this.backend.head)}`
        )
      })
    await all('is never ready', ({ ready, ending }) => ready !== 'pending' || ending !== 'none')
    for (const topic of addresses) this.backend.publish(topic, 1)
    await all('never has everything', ({ isContent }) => isContent)
    await all('is not over, as its topic is', ({ isOver, hasToEnd }) => isOver || !hasToEnd)
    const isWanted = () => witnesses().some(({ isOver }) => !isOver)
    const streams = () => this.backend.server?.stats().connections
    await this.#until(() => {
      const stale = isWanted() ? this.#asked.find((address) => !this.#isWanted(address)) : undefined
      return stale && `nobody wants ${stale} any more`
    })
    await this.#until(() => (streams() === +isWanted() ? undefined : `there are ${streams()} streams`))
    for (const member of [...this.here]) this.close(member)
    await Promise.all(this.all.map(({ tab }) => tab.close()))
    await this.#until(() =>
      streams() === 0 && this.origin.locks.count(() => true) === 0 ? undefined : 'something is left behind',
    )
    for (const { tab } of this.all) {
      for (const error of tab.errors) {
        const isExpected = ConnectionError.isInstance(error) && (error.status === 404 || error.status === 403)
        if (!isExpected) this.#accuse(`an error that nothing explains: ${error.message}`)
      }
    }
    this.inspect()
  }

  async stop(): Promise<void> {
    await this.origin.close()
    this.backend.stop(0)
  }

  readonly #accuse = (fault: string): void => {
    this.faults.push(fault)
  }

  async #until(late: () => string | undefined): Promise<void> {
    let fault = late()
    for (let passed = 0; fault; passed += 1) {
      this.inspect()
      if (passed > 400) throw new Error(fault)
      for (let turn = 0; fault && turn < 20; turn += 1) {
        await turns(1)
        fault = late()
      }
      if (fault) this.pass(50)
    }
    this.inspect()
  }

  async #fetch(request: Request, member: Member): Promise<Response> {
    this.#streams = member
    this.#asked = new URL(request.url).searchParams.getAll('topic').map((topic) => topic.replace(/;.*/, ''))
    const { server } = this.backend
    if (!server) throw new TypeError('refused')
    const cut = new AbortController()
    this.#cuts.add(cut)
    return server.fetch(new Request(request, { signal: AbortSignal.any([request.signal, cut.signal]) }))
  }

  // What is complete costs nothing, and a new stream only for its sake would.
  #isWanted(wanted: string): boolean {
    const seats = this.here.flatMap(({ seats }) => seats)
    const some = seats.some(
      ({ wish, witness }) => wish.address === wanted && !witness.closed && !witness.isOver,
    )
    return (
      some ||
      this.backend.truths.some(({ present, former }) =>
        [present, former].some((life) => life?.complete.has(wanted)),
      )
    )
  }

  #leave(member: Member): void {
    this.here.splice(this.here.indexOf(member), 1)
  }

  #isRefusal(address: string, error: unknown): boolean {
    if (!ConnectionError.isInstance(error)) return false
    const isDenied = (topic: string) =>
      topic === address || (address === 'orders/*' && topic.startsWith('orders/'))
    return error.status === 404
      ? address === 'nowhere/1'
      : error.status === 403 && [...this.denied].some(isDenied)
  }

  async #iterate(
    iterator: EventIterator<Told>,
    member: Member,
    witness: Witness,
    pace: number,
  ): Promise<void> {
    for (;;) {
      await member.tab.gate(turns(pace))
      const { value } = await iterator.next()
      // It had been handed over when it was closed.
      if (!value || member.isGone || witness.closed) return
      witness.laneOf(value).told(value)()
    }
  }

  #ask(member: Member, witness: Witness, { address, form, states, pace }: Wish, from: string): Subscription {
    const handler = (told: Told) => {
      if (member.isGone) return undefined
      const done = witness.laneOf(told).told(told)
      if (pace > 0) return member.tab.gate(turns(pace)).then(() => void done())
      return void done()
    }
    const finish = (error: unknown) => {
      witness.isOver = true
      if (this.#isRefusal(address, error)) witness.ending = 'possible'
    }
    // Of any kind: what is told is judged by what it is.
    const subscribe = member.tab.client.subscribe as (target: unknown, ...rest: unknown[]) => Subscription
    const topic = address === 'orders/*' ? shop.orders() : topicAt(address)
    const handlers = {
      [namesOf(address)]: handler,
      'millrace.reset': handler,
      ...(states && address === 'carts/1' && { 'millrace.snapshot': handler }),
    }
    const subject = address === 'nowhere/1' ? address : topic
    const subscription =
      form === 'iterator'
        ? subscribe(subject, { from })
        : subscribe(subject, form === 'named' && subject === topic ? handlers : handler, {
            from,
            '~watch': { finish },
          })
    if (form === 'iterator')
      void this.#iterate(subscription as EventIterator<Told>, member, witness, pace).then(finish, finish)
    subscription.ready.then(
      () => {
        witness.ready = 'resolved'
        if (member.isGone) return
        for (const lane of witness.lanes) {
          lane.begun = true
          // What is published from now on comes.
          if (!lane.place && lane.taking.from === 'now') lane.latest ??= lane.truth.head
        }
      },
      (error: { readonly code?: string }) => {
        witness.ready = 'rejected'
        const isReason =
          error.code === 'closed' ? member.isGone || witness.closed : this.#isRefusal(address, error)
        if (!isReason) this.#accuse(`${witness.label} is never ready, for no reason: ${error}`)
      },
    )
    return subscription
  }
}
