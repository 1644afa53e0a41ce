import { type Position, parseCursor } from '@millrace/protocol'
import {
  type ClientError,
  type Clock,
  createEventClient,
  type EventClient,
  ResetError,
} from '../src/index.ts'
import { Audience, Planned, turns } from './audience.ts'
import { Backend, beginning } from './backend.ts'
import { Link } from './link.ts'
import { Page } from './page.ts'
import { Random } from './random.ts'
import { type Act, calmFate, type Moment, type Scenario } from './scenario.ts'
import { VirtualTime } from './virtual-time.ts'
import { type Witness, write } from './witness.ts'

/** How a run went. */
export interface Outcome {
  /** The first promise that was broken; `undefined` when all were kept. */
  readonly fault: string | undefined
  /** What happened, line by line, when it was asked for. */
  readonly trace: readonly string[]
  readonly counts: Counts
}

export interface Counts {
  requests: number
  events: number
  resets: number
  handOvers: number
  steps: number
}

/** Of no other timer, so that it is known by its length. */
const connectTimeout = 10_007

/** How long everything may take to be well again once the faults are over, in milliseconds: more than a `Retry-After` is heeded. */
const patience = 400_000

/** More requests than that are a client that runs wild. */
const mostRequests = 1_500

/** Runs a scenario: a whole client against the real server, in virtual time. */
export async function simulate(scenario: Scenario, traced = false): Promise<Outcome> {
  return new Run(scenario, traced).finish()
}

class Run {
  readonly #scenario: Scenario
  readonly #trace: string[] | undefined
  readonly #time = new VirtualTime()
  readonly #page = new Page()
  readonly #backend: Backend
  readonly #client: EventClient
  readonly #audience: Audience
  readonly #links: Link[] = []
  readonly #timers = new Set<{ readonly milliseconds: number; readonly holds: boolean }>()
  readonly #nth = new Map<Moment, number>()
  readonly #counts: Counts = { requests: 0, events: 0, resets: 0, handOvers: 0, steps: 0 }
  readonly #bound: Map<string, Act[]>
  #fault: string | undefined
  #jumped = 0
  #calm = false
  #restarting = false
  /** For whom the next request is made, and what they had handled as it was planned. */
  #plan: ReadonlyMap<Witness, Position | undefined> = new Map()
  /** Whether headers were asked for anew, and no stream was open since. */
  #refreshed = false
  /** How many answers there were after which there is nothing to hope for. */
  #finals = 0
  #closing: { resolved: boolean } | undefined

  constructor(scenario: Scenario, traced: boolean) {
    this.#scenario = scenario
    this.#trace = traced ? [] : undefined
    this.#page.install()
    const random = new Random(scenario.seed + 1)
    const { settings } = scenario
    const time = this.#time
    const accuse = (fault: string) => this.#accuse(fault)
    const happened = (moment: Moment, what: () => string) => this.#happened(moment, what)
    this.#backend = new Backend({
      settings,
      time,
      random: random.fork(),
      accuse,
      appended: () => happened('append', () => `the log is at ${write(this.#backend.truth.head)}`),
    })
    this.#client = createEventClient({
      url: 'http://server.test/events',
      fetch: (request) => this.#fetch(request),
      headers: () => this.#headers(),
      onError: (error) => this.#onError(error),
      backoff: { base: 1_000, floor: 100, cap: settings.cap },
      connectTimeout,
      clock: this.#clock(),
      random: random.fork().next,
    })
    this.#client.onStatus((status) => {
      happened('status', () => `status: ${status.state}${status.cause ? ` (${status.cause.message})` : ''}`)
    })
    this.#audience = new Audience({
      client: this.#client,
      truth: this.#backend.truth,
      time,
      accuse,
      happened,
      place: (witness) => this.#place(witness),
      counts: this.#counts,
    })
    this.#bound = new Map()
    for (const act of scenario.acts) {
      const { when } = act
      if ('at' in when) {
        const owner = isOfServer(act) ? 'server' : 'client'
        time.after(when.at, owner, () => this.#calm || this.#act(act))
      } else {
        const key = `${when.on} ${when.nth}`
        this.#bound.set(key, [...(this.#bound.get(key) ?? []), act])
      }
    }
  }

  async finish(): Promise<Outcome> {
    const onRejection = (error: unknown) => this.#accuse(`a promise was rejected and nobody heard: ${error}`)
    process.on('unhandledRejection', onRejection)
    try {
      await this.#run()
    } catch (error) {
      if (!(error instanceof Broken)) this.#fault ??= `the run failed: ${(error as Error).stack}`
    } finally {
      process.off('unhandledRejection', onRejection)
    }
    return { fault: this.#fault, trace: this.#trace ?? [], counts: this.#counts }
  }

  async #run(): Promise<void> {
    await this.#pass(this.#scenario.duration)
    this.#endFaults()
    await this.#until('has a place', (witness) => witness.begun || witness.isContent)
    for (const topic of ['orders/1', 'orders/2', 'stock/1']) this.#backend.publish(topic, 1)
    await this.#until('has everything', (witness) => witness.isContent)
    if (this.#scenario.seed % 2 === 0) {
      this.#audience.unsubscribeAll()
      await this.#turn()
      this.#expectQuiet('after the last subscription')
    }
    this.#close()
    await this.#turn()
    this.#expectQuiet('after close()')
    this.#backend.stop(0)
  }

  /** Lets the virtual time go by. */
  async #pass(milliseconds: number): Promise<void> {
    const until = this.#time.now + milliseconds
    await this.#turn()
    while (this.#time.step(until)) await this.#turn()
    this.#time.now = until
  }

  async #until(what: string, holds: (witness: Witness) => boolean): Promise<void> {
    const until = this.#time.awakeFrom + patience
    await this.#turn()
    for (;;) {
      if (this.#closing !== undefined) return
      const waiting = this.#audience.witnesses.find((witness) => !witness.closed && !holds(witness))
      if (waiting === undefined) return
      if (!this.#time.step(until)) {
        const { place, busy } = waiting
        this.#accuse(
          `${waiting.label} never ${what}: it stands at ${place && write(place)}${busy ? `, handles ${busy.id}` : ''}; ` +
            `the client is ${this.#client.status.state}, the log at ${write(this.#backend.truth.head)}`,
        )
      }
      await this.#turn()
    }
  }

  /** Lets everything happen that needs no time, and looks at how things are then. */
  async #turn(): Promise<void> {
    this.#counts.steps += 1
    await new Promise(setImmediate)
    this.#check()
  }

  #check(): void {
    if (this.#fault !== undefined) throw new Broken()
    const live = this.#links.filter((link) => link.live)
    const connecting = [...this.#timers].some(({ milliseconds }) => milliseconds === connectTimeout)
    const waiting = [...this.#timers].some(({ holds }) => holds)
    if (live.length > (connecting ? 2 : 1)) {
      this.#accuse(`the connections ${live.map(({ number }) => number).join(' and ')} are open at once`)
    }
    const { state } = this.#client.status
    if (state === 'waiting' && !waiting) this.#accuse('it says that it waits, and does not')
    if (state === 'idle' && (live.length > 0 || this.#timers.size > 0)) {
      this.#accuse(`it says that it is idle with ${live.length} connections and ${this.#timers.size} timers`)
    }
    // Who has no stream of its own by then has joined the one that is open, unless a handler holds up the next one.
    const { witnesses } = this.#audience
    const isIdle = live[0]?.adopted && !witnesses.some(({ busy }) => busy !== undefined)
    if (state === 'open' && !connecting && !waiting && isIdle) {
      for (const witness of witnesses) {
        if (witness.begun || witness.closed || witness.taking.from !== 'now') continue
        if (this.#links.some((link) => link.live && link.plan.includes(witness))) continue
        witness.begun = true
        witness.latest = this.#backend.truth.head
      }
    }
    for (const witness of witnesses) {
      if (witness.isOver && !witness.closed && witness.ending === 'none' && !witness.isComplete)
        this.#accuse(
          `${witness.label} is over at ${witness.place && write(witness.place)}, and nobody knows why`,
        )
    }
    if (this.#closing?.resolved === false) this.#accuse('close() does not resolve')
    if (this.#links.length > mostRequests) this.#accuse(`it has made ${mostRequests} requests`)
    if (this.#fault !== undefined) throw new Broken()
  }

  #endFaults(): void {
    this.#calm = true
    this.#log(() => 'the faults are over')
    this.#backend.calm = true
    if (this.#backend.server?.ready !== true) this.#backend.start(false, -1)
    this.#goOnline()
    this.#show()
    this.#audience.release()
  }

  #expectQuiet(when: string): void {
    const leaking = this.#links.find((link) => link.leaks)
    if (leaking) this.#accuse(`connection ${leaking.number} is still open ${when}`)
    const timers = [...this.#timers].map(({ milliseconds }) => milliseconds)
    if (timers.length > 0) this.#accuse(`timers of ${timers} ms still run ${when}`)
    const [listening] = this.#audience.listening
    if (listening) this.#accuse(`the signal of ${listening.label} is still listened to ${when}`)
    if (this.#closing && this.#page.listeners > 0)
      this.#accuse(`${this.#page.listeners} listeners of the page are left ${when}`)
    const { state } = this.#client.status
    const expected = this.#closing ? ['closed'] : ['idle', 'closed']
    if (!expected.includes(state)) this.#accuse(`it says that it is ${state} ${when}`)
    if (this.#fault !== undefined) throw new Broken()
  }

  #close(): void {
    if (this.#closing !== undefined) return
    const closing = { resolved: false }
    this.#log(() => 'closes the client')
    // What it calls on its way is told that it is over.
    this.#closing = closing
    void this.#client.close().then(() => {
      closing.resolved = true
    })
    this.#audience.markClosed()
  }

  #act(act: Act): void {
    const backend = this.#backend
    this.#log(() => `does: ${JSON.stringify(act)}`)
    switch (act.do) {
      case 'subscribe':
        if (this.#closing === undefined) this.#audience.subscribe(act)
        return
      case 'unsubscribe':
        this.#audience.unsubscribe(act.which, act.how)
        return
      case 'publish':
        backend.publish(act.topic, act.count)
        return
      case 'publish bad':
        backend.publishBad(act.topic, act.kind)
        return
      case 'end topic':
        backend.endTopic(act.topic)
        return
      case 'trim':
        backend.trim(act.keep)
        return
      case 'new life':
        backend.newLife()
        return
      case 'revoke':
        backend.revoke()
        return
      case 'cut':
        for (const link of this.#links) link.cut(act.how)
        return
      case 'jump':
        this.#jumped += act.by
        return
      case 'sleep':
        this.#time.sleep(act.for, act.frozen)
        // Nobody keeps a link for so long.
        if (act.for >= 60_000) for (const link of this.#links) link.cut(act.frozen ? 'stall' : 'error')
        return
      case 'restart':
        if (this.#restarting || backend.server === undefined) return
        this.#restarting = true
        backend.stop(act.drain)
        if (act.drain === 0) for (const link of this.#links) link.cut('error')
        this.#time.after(act.down, 'server', () => {
          this.#restarting = false
          if (!this.#calm) backend.start(act.epoch, act.keep)
        })
        return
      case 'offline':
        this.#page.online = false
        for (const link of this.#links) link.cut(act.how)
        this.#page.tell('offline')
        this.#time.after(act.for, 'client', () => this.#goOnline())
        return
      case 'hide':
        this.#page.hidden = true
        this.#page.tell('visibilitychange')
        this.#time.after(act.for, 'client', () => this.#show())
        return
      case 'close':
        this.#close()
        return
    }
  }

  #goOnline(): void {
    if (this.#page.online) return
    this.#page.online = true
    this.#page.tell('online')
  }

  #show(): void {
    if (!this.#page.hidden) return
    this.#page.hidden = false
    this.#page.tell('visibilitychange')
  }

  #headers(): Record<string, string> | Promise<Record<string, string>> {
    const { witnesses } = this.#audience
    this.#plan = new Map(
      witnesses.filter(({ closed }) => !closed).map((witness) => [witness, witness.finished]),
    )
    this.#happened('headers', () => 'headers are asked for')
    const { headers } = this.#scenario.settings
    const now = { 'x-app': 'simulation' }
    if (headers === 0 || this.#calm) return now
    return new Promise((resolve) => {
      this.#time.after(headers, 'client', () => resolve(now))
    })
  }

  #fetch(request: Request): Promise<Response> {
    const number = this.#links.length + 1
    const fate = (this.#calm ? undefined : this.#scenario.fates[number - 1]) ?? calmFate
    const link = new Link(number, request, fate, [...this.#plan.keys()], {
      time: this.#time,
      wall: () => this.#wall(),
      server: () => this.#backend.server?.fetch,
      oldest: () => ({
        epoch: this.#backend.truth.present.epoch,
        offset: this.#backend.truth.present.trimmed,
      }),
      isOffline: () => !this.#page.online,
      happened: (moment, what) => this.#happened(moment, what),
      adopted: (link) => this.#adopted(link),
      answered: (link, status) => this.#answered(link, status),
    })
    this.#counts.requests += 1
    if (this.#links.some((link) => link.live && link.adopted)) this.#counts.handOvers += 1
    this.#links.push(link)
    const running = link.run()
    this.#expectPlaces(link)
    return running
  }

  /** What a request says of its places is what the handlers have finished, and no more. */
  #expectPlaces({ number, asked }: Link): void {
    for (const [witness, finished] of this.#plan) {
      const { closed, taking } = witness
      const starts = (asked?.topics ?? [])
        .filter(({ address }) => address === taking.address)
        .map(({ from }) => parseCursor(from ?? asked?.lastEventId ?? ''))
      // The client has a place for it, from a stream that was cut in the moment in which it was open.
      if (witness.place === undefined && starts.every((start) => start !== undefined)) {
        const link = this.#links.findLast((link) => link.now !== undefined && link.asksFromNow(witness))
        witness.latest ??= parseCursor(link?.now ?? '') ?? this.#backend.truth.head
        witness.begun = true
      }
      // What an iterator holds was taken off the stream already.
      if (closed || finished === undefined || taking.form === 'iterator' || witness.ending !== 'none')
        continue
      // Nobody asks for it any more.
      if (witness.isComplete) continue
      const life = this.#backend.truth.life(finished.epoch)
      const next = witness.next(finished) ?? Number.POSITIVE_INFINITY
      const isServed = starts.some((start) => {
        const other = start && this.#backend.truth.life(start.epoch)
        if (start === undefined || other === undefined || life === undefined) return false
        return other === life ? start.offset < next : other.number < life.number
      })
      if (!isServed)
        this.#accuse(
          `request ${number} asks for ${taking.address} from ${starts.map((start) => start && write(start))}, ` +
            `and ${witness.label} has handled up to ${write(finished)} only`,
        )
    }
  }

  #adopted({ now, earliest, plan, number, asked, isReset }: Link): void {
    this.#refreshed = false
    this.#log(() => `stream ${number} is the one`)
    const place = parseCursor(now ?? '')
    for (const witness of plan) {
      // It is over, although nobody was told.
      if (witness.isComplete) continue
      witness.begun = true
      const starts = (asked?.topics ?? []).filter(({ address }) => address === witness.taking.address)
      if (witness.taking.from === 'now' && place !== undefined && starts.some(({ from }) => from === 'now')) {
        // Of two, one may have joined the stream from before, which asks for nothing.
        if (starts.length === 1) witness.begin(place)
        else witness.latest ??= place
      } else if (witness.taking.from === 'now') {
        witness.latest ??= this.#backend.truth.head
      }
      // Before the resets are told that it begins with, a stream gives no place to those that have none.
      const isAlone =
        witness.taking.from === 'earliest' && starts.length === 1 && starts[0]?.from === 'earliest'
      if (isAlone && earliest !== undefined && !isReset) witness.begin(earliest)
    }
  }

  #place(witness: Witness): void {
    if (witness.place !== undefined) return
    const link = this.#links.findLast(
      (link) => link.now !== undefined && !(link.left && !link.adopted) && link.plan.includes(witness),
    )
    if (link !== undefined && !link.adopted) link.adopt()
  }

  #answered(link: Link, status: number): void {
    if (status === 401 && !this.#refreshed) {
      this.#refreshed = true
      return
    }
    if (![204, 401, 403, 404, 400].includes(status)) return
    this.#finals += 1
    const isReal = link.fate.kind === 'serve'
    const served = new Set(
      this.#links.flatMap((other) => (other !== link && other.live && other.adopted ? other.plan : [])),
    )
    for (const witness of link.plan) {
      if (isReal && status === 404 && witness.taking.address !== 'nowhere/1') continue
      if (isReal && status === 204 && !witness.isComplete) continue
      if (!served.has(witness) || isReal) witness.ending = 'possible'
    }
  }

  #onError(error: ClientError): void {
    this.#log(() => `is told of an error: ${error.message}`)
    this.#expectError(error)
    this.#happened('error', () => '')
  }

  #expectError(error: ClientError): void {
    if (error.code === 'handler' && error.cause instanceof Planned) return
    if (error.code === 'event-data') return
    if (error.code === 'connection' && this.#finals > 0) return
    if (!ResetError.isInstance(error)) {
      this.#accuse(`an error that nothing explains: ${error.message}`)
      return
    }
    const { verdict, topic, id } = error
    // It does not say whose it is: who stands behind comes first, and then who may.
    const concerned = this.#audience.witnesses.filter(
      ({ taking, closed, takesResets }) => !closed && !takesResets && taking.address === topic,
    )
    for (const witness of concerned) this.#place(witness)
    const goesOn = parseCursor(id)
    const witness =
      concerned.find(
        ({ place }) => place && goesOn && (place.epoch !== goesOn.epoch || place.offset < goesOn.offset),
      ) ?? concerned.find(({ place }) => place === undefined)
    if (witness === undefined) this.#accuse(`a reset of ${topic} to ${id} that is for nobody`)
    this.#counts.resets += 1
    witness?.reset(id, verdict)
    if (witness) witness.finished = witness.place
  }

  #clock(): Clock {
    return {
      now: () => this.#wall(),
      after: (milliseconds, task, holds = false) => {
        const timer = { milliseconds, holds }
        this.#timers.add(timer)
        const cancel = this.#time.after(milliseconds, 'client', () => {
          this.#timers.delete(timer)
          this.#happened('timer', () => `a timer of ${Math.round(milliseconds)} ms is due`)
          task()
        })
        return () => {
          this.#timers.delete(timer)
          cancel()
        }
      },
    }
  }

  #wall(): number {
    return beginning + this.#time.now + this.#jumped
  }

  /** Something happens that acts may be bound to. */
  #happened(moment: Moment, what: () => string): void {
    this.#log(what)
    if (this.#calm) return
    const nth = (this.#nth.get(moment) ?? 0) + 1
    this.#nth.set(moment, nth)
    for (const act of this.#bound.get(`${moment} ${nth}`) ?? []) {
      const { turns: count } = act.when as { turns: number }
      if (count === 0) this.#act(act)
      else void turns(count).then(() => this.#calm || this.#act(act))
    }
  }

  #accuse(fault: string): void {
    this.#log(() => `FAULT: ${fault}`)
    this.#fault ??= fault
  }

  #log(what: () => string): void {
    if (this.#trace === undefined) return
    const text = what()
    if (text !== '') this.#trace.push(`${String(Math.round(this.#time.now)).padStart(8)} ${text}`)
  }
}

/** Ends a run that has failed already. */
class Broken extends Error {}

function isOfServer(act: Act): boolean {
  return !['subscribe', 'unsubscribe', 'jump', 'sleep', 'offline', 'hide', 'close'].includes(act.do)
}
