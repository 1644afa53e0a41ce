import { Backend, beginning } from './backend.ts'
import { Chronicle } from './chronicle.ts'
import { type Counts, noCounts } from './counts.ts'
import { CursorShelf } from './cursor-shelf.ts'
import { Page } from './page.ts'
import { Random } from './random.ts'
import type { Moment, Scenario } from './scenario.ts'
import { Script } from './script.ts'
import { addresses } from './shop.ts'
import { Stage } from './stage.ts'
import { VirtualTime } from './virtual-time.ts'
import { Visitor } from './visitor.ts'
import { type Witness, write } from './witness.ts'
import type { World } from './world.ts'

/** How a run went. */
export interface Outcome {
  /** The first promise that was broken; `undefined` when all were kept. */
  readonly fault: string | undefined
  /** What happened, line by line, when it was asked for. */
  readonly trace: readonly string[]
  readonly counts: Counts
}

/** How long everything may take to be well again once the faults are over, in milliseconds: more than a `Retry-After` is heeded. */
const patience = 400_000

/** Runs a scenario: whole clients against the real server, in virtual time. */
export async function simulate(scenario: Scenario, traced = false): Promise<Outcome> {
  return new Run(scenario, traced).finish()
}

class Run implements World {
  readonly scenario: Scenario
  readonly time = new VirtualTime()
  readonly page = new Page()
  readonly chronicle: Chronicle
  readonly counts = noCounts()
  readonly backend: Backend
  calm = false
  readonly #stage: Stage
  readonly #script: Script
  readonly shelf: CursorShelf
  // Those that have gone stand behind those that are there.
  readonly #visitors: Visitor[]
  readonly #random: Random

  constructor(scenario: Scenario, traced: boolean) {
    this.scenario = scenario
    this.chronicle = new Chronicle(traced, () => this.time.now)
    this.page.install()
    this.#stage = new Stage(this, () => this.#visitors, this.#reload)
    const random = new Random(scenario.seed + 1)
    this.backend = new Backend({
      settings: scenario.settings,
      time: this.time,
      random: random.fork(),
      accuse: this.chronicle.accuse,
      appended: () => this.happened('append', () => `the log is at ${write(this.backend.head)}`),
      asked: (address) => this.happened('state', () => `the state of ${address} is asked for`),
    })
    const { stores = 'nothing' } = scenario.settings
    this.shelf = new CursorShelf(stores, new Random(scenario.seed + 2), this.time, () => this.calm)
    this.#visitors = Array.from(
      { length: scenario.settings.clients },
      (_, index) => new Visitor(this, index, random.fork().next),
    )
    this.#random = random
    this.#script = new Script(scenario.acts, this.time, (act) => this.#stage.perform(act))
  }

  readonly wall = (): number => beginning + this.time.now + this.#stage.jumped

  readonly happened = (moment: Moment, what: () => string): void => {
    this.chronicle.log(what)
    this.#script.happened(moment)
  }

  readonly #reload = (index: number, killed: boolean): void => {
    const before = this.#visitors[index] as Visitor
    const kept = before.audience.witnesses.filter(({ taking, isUsed }) => isUsed && taking.durable)
    if (killed && before.shelf) before.shelf.sealed = true
    before.close()
    const visitor = new Visitor(this, index, this.#random.fork().next)
    this.#visitors[index] = visitor
    this.#visitors.push(before)
    // What comes of the first may close it.
    for (const { taking } of kept) if (visitor.closing === undefined) visitor.audience.subscribe(taking)
  }

  async finish(): Promise<Outcome> {
    const { chronicle, counts } = this
    const onRejection = (error: unknown) =>
      chronicle.accuse(`a promise was rejected and nobody heard: ${error}`)
    process.on('unhandledRejection', onRejection)
    try {
      await this.#run()
    } catch (error) {
      if (!(error instanceof Broken)) chronicle.fault ??= `the run failed: ${(error as Error).stack}`
    } finally {
      process.off('unhandledRejection', onRejection)
    }
    return { fault: chronicle.fault, trace: chronicle.lines, counts }
  }

  async #run(): Promise<void> {
    await this.#pass(this.scenario.duration)
    this.calm = true
    this.#script.end()
    this.chronicle.log(() => 'the faults are over')
    this.#stage.tidy()
    await this.#until(
      'has a place',
      (witness) => witness.begun || witness.place !== undefined || witness.isContent,
    )
    // What a log had when a stream was opened is what that takes itself for up to date by, also when it is lost since.
    for (const topic of addresses) {
      const lacks = this.backend.truthsOf(topic).map((truth) => truth.lacks)
      this.backend.publish(topic, Math.max(1, ...lacks))
    }
    this.backend.wake()
    await this.#until('has everything', (witness) => witness.isContent)
    await this.#until('is over, as its topic is', ({ isOver, hasToEnd }) => isOver || !hasToEnd)
    await this.#until('is ready', ({ ready }) => ready !== 'pending')
    await this.#untilLive()
    if (this.scenario.seed % 2 === 0) {
      for (const visitor of this.#visitors) if (visitor.closing === undefined) visitor.unsubscribeAll()
      await this.#expectQuiet('after the last subscription')
    }
    for (const visitor of this.#visitors) visitor.close()
    await this.#expectQuiet('after close()')
    const { listeners } = this.page
    if (listeners > 0) this.chronicle.accuse(`${listeners} listeners of the page are left after close()`)
    this.#stopIfBroken()
    this.backend.stop(0)
  }

  /** Lets the virtual time go by. */
  async #pass(milliseconds: number): Promise<void> {
    const until = this.time.now + milliseconds
    await this.#turn()
    while (this.time.step(until)) await this.#turn()
    this.time.now = until
  }

  async #until(what: string, holds: (witness: Witness) => boolean): Promise<void> {
    const until = this.time.awakeFrom + patience
    await this.#turn()
    for (;;) {
      const late = this.#visitors.find((visitor) => visitor.waitsFor(holds))
      const waiting = late?.waitsFor(holds)
      if (late === undefined || waiting === undefined) return
      if (!this.time.step(until)) {
        const { place, busy } = waiting
        this.chronicle.accuse(
          `${waiting.label} never ${what}: it stands at ${place && write(place)}${busy ? `, handles ${busy.id}` : ''}; ` +
            `the client is ${late.client.status.state}, the log at ${write(this.backend.head)}`,
        )
      }
      await this.#turn()
    }
  }

  async #untilLive(): Promise<void> {
    const until = this.time.awakeFrom + patience
    for (;;) {
      const late = this.#visitors.find((visitor) => visitor.lateState !== undefined)
      if (late === undefined) return
      if (!this.time.step(until)) this.chronicle.accuse(`a state is never live: ${late.lateState}`)
      await this.#turn()
    }
  }

  /** Lets everything happen that needs no time, and looks at how things are then. */
  async #turn(): Promise<void> {
    this.counts.steps += 1
    await new Promise(setImmediate)
    this.#stopIfBroken()
    for (const visitor of this.#visitors) visitor.inspect()
    this.#stopIfBroken()
  }

  async #expectQuiet(when: string): Promise<void> {
    await this.#turn()
    // What is kept may take its time.
    while (this.#visitors.some(({ shelf }) => shelf && shelf.busy > 0)) {
      this.time.step(Number.POSITIVE_INFINITY)
      await this.#turn()
    }
    for (const visitor of this.#visitors) visitor.inspectQuiet(when)
    this.#stopIfBroken()
  }

  #stopIfBroken(): void {
    if (this.chronicle.fault !== undefined) throw new Broken()
  }
}

/** Ends a run that has failed already. */
class Broken extends Error {}
