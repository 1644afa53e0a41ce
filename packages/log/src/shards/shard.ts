import { nowhere, type Position } from '@millrace/protocol'
import type { Log, LogBounds, LogPage, NewRecord, TailObserver } from '../log.ts'
import { longestEpoch } from './shard-name.ts'

/** A log as one of several shards: the same, but that its epochs say which of them it is. */
export class Shard implements Log {
  readonly #log: Log
  readonly #name: string
  // Of one life there are many positions, and to join texts for each would be most of what it costs.
  #inner = ''
  #outer = ''

  constructor(log: Log, name: string) {
    this.#log = log
    this.#name = name
  }

  async append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    const positions = await this.#log.append(records)
    return positions.map((position) => this.#outward(position))
  }

  async read(after: number, limit: number): Promise<LogPage> {
    return this.#outward(await this.#log.read(after, limit))
  }

  tail(after: Position, observer: TailObserver): () => void {
    return this.#log.tail(this.#inward(after), {
      records: (records) => observer.records(records),
      reset: (bounds) => observer.reset(this.#outward(bounds)),
      error: (error) => observer.error?.(error),
    })
  }

  async bounds(): Promise<LogBounds> {
    return this.#outward(await this.#log.bounds())
  }

  close(): Promise<void> {
    return this.#log.close()
  }

  #outward<Told extends { readonly epoch: string }>(told: Told): Told {
    const { epoch } = told
    if (epoch !== this.#inner) {
      if (epoch.length > longestEpoch) {
        throw new TypeError(`The epochs of a shard have ${longestEpoch} characters at most, unlike ${epoch}`)
      }
      this.#inner = epoch
      this.#outer = epoch + this.#name
    }
    return { ...told, epoch: this.#outer }
  }

  // What is of no life of this shard must not pass for one because the log was not one of these shards before.
  #inward(position: Position): Position {
    const { epoch } = position
    return epoch.endsWith(this.#name) ? { ...position, epoch: epoch.slice(0, -this.#name.length) } : nowhere
  }
}
