import { joinPlaces, type Position, placesOf } from '@millrace/protocol'
import { type LogFinding, type LogUse, unknownLog } from '../diagnosis.ts'
import type { Log, NewRecord } from '../log.ts'
import { Shard } from './shard.ts'
import { mostShards, nameShard } from './shard-name.ts'
import { hashTopic } from './topic-hash.ts'

/** A log in several parts, each with an order, a retention and lives of its own. Every topic lies in one of them. */
export interface ShardedLog {
  /** The shards in their order, as logs whose epochs say which of how many they are. What a cursor names is what these tell. */
  readonly shards: readonly Log[]
  /** Which shard the topic of an address lies in, from 0: its hash modulo their number. */
  shardOf(address: string): number
  /**
   * The place in a shard that a cursor names; `undefined` where it names none in it, as when it comes from a log that was split otherwise.
   *
   * @param shard which one, from 0
   */
  placeIn(shard: number, cursor: Position): Position | undefined
  /**
   * Appends each record to the shard of its topic, and resolves when all are durable, with one position for each. Those of one shard stand next
   * to each other and keep their order. Nothing holds between shards: where one of them fails, others may have appended theirs. Keys count in the shard
   * of their topic.
   *
   * @throws what the first shard throws that fails, once the others have settled
   */
  append(records: readonly NewRecord[]): Promise<readonly Position[]>
  /**
   * Has each record appended to the shard of its topic when a transaction of the application commits, and none when it is rolled back. Only where all
   * shards can. The transaction has to be one that the topic's shard can take part in: of its database, which a log in Postgres looks at. So topics
   * of several shards go together in one transaction only where these shards are in the same database.
   *
   * @throws what the first shard throws that cannot take part. What was given to others is of the transaction, which has to be rolled back
   */
  appendWithin?(transaction: object, records: readonly NewRecord[]): Promise<void>
  /** What each shard says of its engine, and which one it is where not all say the same. @throws what one of them throws */
  diagnose(use?: LogUse): Promise<readonly LogFinding[]>
  /** Closes all shards. */
  close(): Promise<void>
}

/**
 * Splits a log by topic: `shards([redisLog(one), redisLog(two), redisLog(three)])`. Their number and order are fixed: with others every topic may lie
 * elsewhere, so all cursors from before are told as another `epoch`.
 *
 * @param logs from 1 to 1,296. They stay the caller's to look after, but are not to be appended to directly: a record in another shard than
 * its topic's is for nobody
 * @throws RangeError for another number of them
 * @throws TypeError for what is no log, or the same log twice
 */
export function shards(logs: readonly Log[]): ShardedLog {
  const count = logs.length
  if (!(count >= 1 && count <= mostShards))
    throw new RangeError(`There must be from 1 to ${mostShards} shards, not ${count}`)
  for (const log of logs) {
    if (typeof log?.tail !== 'function') throw new TypeError('Every shard must be a log, such as memoryLog()')
  }
  if (new Set(logs).size < count) throw new TypeError('No two shards may be the same log')
  return new LogOfShards(logs)
}

class LogOfShards implements ShardedLog {
  readonly shards: readonly Log[]
  readonly appendWithin?: (transaction: object, records: readonly NewRecord[]) => Promise<void>
  readonly #logs: readonly Log[]
  readonly #names: readonly string[]

  constructor(logs: readonly Log[]) {
    this.#logs = logs
    if (logs.every(({ appendWithin }) => appendWithin !== undefined)) {
      this.appendWithin = (transaction, records) => this.#appendWithin(transaction, records)
    }
    this.#names = logs.map((_, index) => nameShard(index, logs.length))
    this.shards = logs.map((log, index) => new Shard(log, this.#names[index] as string))
  }

  shardOf(address: string): number {
    return hashTopic(address) % this.shards.length
  }

  placeIn(shard: number, cursor: Position): Position | undefined {
    const name = this.#names[shard] as string
    const place = placesOf(cursor).find(({ epoch }) => epoch.endsWith(name))
    return place && joinPlaces([place])
  }

  append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    const [first] = records
    // As nearly all are.
    return first !== undefined && records.length === 1
      ? this.#shardOf(first).append(records)
      : this.#appendAll(records)
  }

  #shardOf({ topic }: NewRecord): Log {
    return this.shards[this.shardOf(topic)] as Log
  }

  // Which of some records each shard gets.
  #split(records: readonly NewRecord[]): ReadonlyMap<number, readonly number[]> {
    const parts = new Map<number, number[]>()
    for (const [index, { topic }] of records.entries()) {
      const shard = this.shardOf(topic)
      const known = parts.get(shard)
      if (known === undefined) parts.set(shard, [index])
      else known.push(index)
    }
    return parts
  }

  // One after the other, as the statements of a transaction are.
  async #appendWithin(transaction: object, records: readonly NewRecord[]): Promise<void> {
    for (const [shard, indexes] of this.#split(records)) {
      const part = indexes.map((index) => records[index] as NewRecord)
      await (this.#logs[shard] as Log).appendWithin?.(transaction, part)
    }
  }

  async #appendAll(records: readonly NewRecord[]): Promise<readonly Position[]> {
    const positions = new Array<Position>(records.length)
    const appends = [...this.#split(records)].map(async ([shard, indexes]) => {
      const appended = await (this.shards[shard] as Log).append(
        indexes.map((index) => records[index] as NewRecord),
      )
      for (const [part, index] of indexes.entries()) positions[index] = appended[part] as Position
    })
    // Whoever repeats what failed must not race with what is still under way.
    for (const outcome of await Promise.allSettled(appends))
      if (outcome.status === 'rejected') throw outcome.reason
    return positions
  }

  async diagnose(use?: LogUse): Promise<readonly LogFinding[]> {
    const all = await Promise.all(this.#logs.map(async (log) => (await log.diagnose?.(use)) ?? [unknownLog]))
    const found = new Map<string, { readonly finding: LogFinding; readonly shards: number[] }>()
    for (const [shard, findings] of all.entries()) {
      for (const finding of findings) {
        const key = JSON.stringify(finding)
        const known = found.get(key)
        if (known === undefined) found.set(key, { finding, shards: [shard] })
        else known.shards.push(shard)
      }
    }
    return [...found.values()].map(({ finding, shards }) => {
      if (shards.length === this.#logs.length) return finding
      const which = shards.map((shard) => shard + 1).join(', ')
      return { ...finding, message: `Shard ${which} of ${this.#logs.length}: ${finding.message}` }
    })
  }

  async close(): Promise<void> {
    const outcomes = await Promise.allSettled(this.shards.map((shard) => shard.close()))
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  }
}
