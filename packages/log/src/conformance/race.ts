import type { Position } from '@millrace/protocol'
import type { Log, NewRecord } from '../log.ts'
import { nextTurn } from '../next-turn.ts'
import type { LogHarness } from './harness.ts'
import { Ledger } from './ledger.ts'
import { aRecord, type Stage } from './stage.ts'
import type { WakeValve } from './wake-valve.ts'
import type { Watcher } from './watcher.ts'

/** What a race is run with. */
export interface RaceTrack<L extends Log> {
  readonly stage: Stage<L>
  readonly harness: LogHarness<L>
  /** Every log on the one history. */
  readonly logs: readonly L[]
  /** Where the wakes of the first one can be held back. */
  readonly valve?: WakeValve
}

/** A choice, taken apart digit by digit: the same number always means the same. */
class Digits {
  #rest: number

  constructor(choice: number) {
    this.#rest = choice
  }

  /** A whole number from 0 to below `base`. */
  below(base: number): number {
    const digit = this.#rest % base
    this.#rest = Math.floor(this.#rest / base)
    return digit
  }
}

/**
 * Lets appends, reads, trims and tails race each other. Each choice is a step, and no step waits for another unless the
 * choice says so. Small numbers are simple steps, so that a search for the least failing choices ends with simple ones.
 */
export async function race<L extends Log>(track: RaceTrack<L>, choices: readonly number[]): Promise<void> {
  await new Race(track).run(choices)
}

class Race<L extends Log> {
  readonly #track: RaceTrack<L>
  readonly #ledger = new Ledger()
  readonly #open: Watcher[] = []
  readonly #held: (() => void)[] = []
  readonly #epochs = new Set<string>()
  #pending: Promise<unknown>[] = []
  #failures: unknown[] = []
  #number = 0
  #place: Position = { epoch: '', offset: 0 }

  constructor(track: RaceTrack<L>) {
    this.#track = track
  }

  async run(choices: readonly number[]): Promise<void> {
    const { stage, valve } = this.#track
    const { epoch } = await stage.log.bounds()
    this.#reached({ epoch, offset: 0 })
    valve?.turn((look) => this.#held.push(look))
    for (const choice of choices) {
      await this.#step(new Digits(choice))
      this.#throwFailure()
    }
    await this.#settle()
    // One more record, whose wake comes for certain.
    valve?.turn(undefined)
    this.#append(0, [this.#record(undefined)])
    await this.#settle()
    await this.#finish()
  }

  async #step(digits: Digits): Promise<void> {
    const kind = digits.below(16)
    const writer = digits.below(this.#track.logs.length)
    switch (kind) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4: {
        const keys = Array.from({ length: digits.below(4) + (kind === 4 ? 0 : 1) }, () => digits.below(8))
        this.#append(
          writer,
          keys.map((key) => this.#record(key > 0 && kind > 1 ? `key-${key % 4}` : undefined)),
        )
        return
      }
      case 5:
      case 6:
      case 7:
        return this.#read(writer, this.#near(digits), 1 + digits.below(5))
      case 8:
      case 9:
        return this.#tail(writer, { epoch: this.#place.epoch, offset: this.#near(digits) })
      case 10:
        return this.#trim(writer, digits)
      case 11:
        this.#open.splice(digits.below(4) % Math.max(1, this.#open.length), 1)[0]?.stop()
        return
      case 12:
        this.#wake(digits)
        return
      case 13:
        await Promise.resolve()
        return
      case 14:
        // Rarely: a turn takes a timer's time.
        if (digits.below(32) === 31) await new Promise<void>((resolve) => nextTurn(resolve))
        else await Promise.resolve().then(() => undefined)
        return
      case 15:
        if (digits.below(8) === 7) return this.#recreate()
        return this.#settle()
    }
  }

  #append(writer: number, records: readonly NewRecord[]): void {
    const answered = this.#ledger.call(writer, records)
    this.#run(async () => {
      const positions = await this.#log(writer).append(records)
      answered(positions)
      for (const position of positions) this.#reached(position)
    })
  }

  #read(reader: number, after: number, limit: number): void {
    const moment = this.#ledger.moment()
    this.#run(async () => {
      const page = await this.#log(reader).read(after, limit)
      this.#ledger.page(page, after, limit, moment)
      this.#reached({ epoch: page.epoch, offset: page.head })
    })
  }

  #tail(reader: number, after: Position): void {
    const { stage } = this.#track
    const watcher = stage.watch(
      after,
      {
        records: (records) =>
          this.#observe(() => {
            for (const record of records) this.#ledger.record(watcher.epoch, record)
          }),
        reset: (bounds) => this.#observe(() => this.#ledger.bounds(bounds)),
      },
      this.#log(reader),
    )
    this.#open.push(watcher)
  }

  // Never beyond what is known to be there, so that it is known what a trim does.
  #trim(writer: number, digits: Digits): void {
    const trim = this.#track.harness.trim?.bind(this.#track.harness)
    if (trim === undefined) return
    const { epoch, offset } = this.#place
    const keepFrom = Math.max(1, offset + 1 - digits.below(6))
    const done = this.#ledger.trim(epoch, keepFrom)
    this.#run(async () => {
      await trim(this.#log(writer), keepFrom)
      done()
    })
  }

  // Waits first: which life a trim or an append meets would be unknown otherwise.
  async #recreate(): Promise<void> {
    const recreate = this.#track.harness.recreate?.bind(this.#track.harness)
    if (recreate === undefined) return
    await this.#settle()
    const before = [...this.#epochs]
    await recreate(this.#track.stage.log)
    this.#ledger.endLives(before)
    const { epoch } = await this.#track.stage.log.bounds()
    this.#reached({ epoch, offset: 0 })
  }

  #wake(digits: Digits): void {
    const look = this.#held.splice(digits.below(8) % Math.max(1, this.#held.length), 1)[0]
    if (look === undefined) return
    const times = digits.below(3)
    for (let count = 0; count < times; count += 1) queueMicrotask(look)
  }

  async #settle(): Promise<void> {
    while (this.#pending.length > 0) await Promise.all(this.#pending.splice(0))
    this.#throwFailure()
  }

  async #finish(): Promise<void> {
    const { stage, logs } = this.#track
    const { epoch, first, head } = await stage.log.bounds()
    for (const watcher of this.#open) {
      const there = () => watcher.epoch === epoch && watcher.position >= head
      await watcher.until(there, `offset ${head} of ${epoch}`)
    }
    for (const log of logs) {
      for (const record of await stage.readAll(first - 1, log)) this.#ledger.record(epoch, record)
    }
    this.#throwFailure()
    this.#ledger.verify()
  }

  // What fails is kept rather than thrown: several may fail before anybody waits for them.
  #run(action: () => Promise<void>): void {
    this.#pending.push(action().catch((error: unknown) => this.#failures.push(error)))
  }

  // Inside a tail's call an exception would only be told to the tail's own observer.
  #observe(body: () => void): void {
    try {
      body()
    } catch (error) {
      this.#failures.push(error)
    }
  }

  #throwFailure(): void {
    if (this.#failures.length > 0) throw this.#failures[0]
  }

  #record(key: string | undefined): NewRecord {
    this.#number += 1
    return aRecord(this.#number, key === undefined ? {} : { key })
  }

  #log(index: number): L {
    return this.#track.logs[index] ?? this.#track.stage.log
  }

  /** An offset around the newest known one, from a few before it to two after it. */
  #near(digits: Digits): number {
    return Math.max(0, this.#place.offset + 2 - digits.below(10))
  }

  #reached({ epoch, offset }: Position): void {
    if (!this.#epochs.has(epoch)) {
      this.#epochs.add(epoch)
      this.#place = { epoch, offset }
    } else if (epoch === this.#place.epoch && offset > this.#place.offset) this.#place = { epoch, offset }
  }
}
