import type { Position } from '@millrace/protocol'
import type { NewRecord } from '../log.ts'
import { randomTag } from '../tag.ts'
import type { AppendedRecord } from './engine.ts'

interface Call {
  readonly records: readonly NewRecord[]
  readonly size: number
  readonly resolve: (positions: readonly Position[]) => void
  readonly reject: (error: unknown) => void
}

/** How large one step may be, unless a single call is larger. */
export interface StepLimits {
  readonly records: number
  readonly size: number
  readonly sizeOf: (record: NewRecord) => number
}

/**
 * Appends in the order of the calls, one step of the engine after the other. All that comes while one is under way goes into the next:
 * the more there is, the less each costs.
 */
export class AppendQueue {
  readonly #append: (records: readonly AppendedRecord[]) => Promise<readonly Position[]>
  readonly #largest: StepLimits
  #calls: Call[] = []
  #running: Promise<void> | undefined

  constructor(
    append: (records: readonly AppendedRecord[]) => Promise<readonly Position[]>,
    largest: StepLimits,
  ) {
    this.#append = append
    this.#largest = largest
  }

  add(records: readonly NewRecord[]): Promise<readonly Position[]> {
    return new Promise((resolve, reject) => {
      this.#calls.push({ records, size: this.#sizeOf(records), resolve, reject })
      // In a microtask, so that what one job appends is one step.
      this.#running ??= Promise.resolve().then(() => this.#run())
    })
  }

  /** Resolves when all that was asked for is done or has failed. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#calls.length > 0) await this.#step(this.#take())
    this.#running = undefined
  }

  #take(): Call[] {
    let count = 0
    let size = 0
    const end = this.#calls.findIndex((call, index) => {
      count += call.records.length
      size += call.size
      return index > 0 && (count > this.#largest.records || size > this.#largest.size)
    })
    return this.#calls.splice(0, end < 0 ? this.#calls.length : end)
  }

  #sizeOf(records: readonly NewRecord[]): number {
    let size = 0
    // Where there is no limit nobody has to know.
    if (Number.isFinite(this.#largest.size))
      for (const record of records) size += this.#largest.sizeOf(record)
    return size
  }

  async #step(calls: readonly Call[]): Promise<void> {
    const tag = randomTag()
    const records = calls.flatMap((call) => call.records.map((record) => ({ ...record, tag })))
    try {
      const positions = await this.#append(records)
      let from = 0
      for (const call of calls) {
        const to = from + call.records.length
        call.resolve(positions.slice(from, to))
        from = to
      }
    } catch (error) {
      for (const call of calls) call.reject(error)
    }
  }
}
