import type { NewRecord } from '@millrace/log'
import { joinPlaces, type Position, parseCursor, placesOf } from '@millrace/protocol'

/** A record as it was appended, and what tells it from others that had its offset. */
export interface KnownRecord extends NewRecord {
  readonly tag?: string | undefined
}

/**
 * One life of a log, as it truly was: nothing is forgotten here. A log that loses what it had goes on in another life with the same epoch,
 * which begins with the records that are left.
 */
export interface Life {
  readonly epoch: string
  /** How many lives there were before. */
  readonly number: number
  readonly records: KnownRecord[]
  /** Whether its epoch is the first. */
  readonly isFirst: boolean
  /** Offsets by key. */
  readonly keys: Map<string, number>
  /** Topics that are complete. */
  readonly complete: Set<string>
  /** Up to which offset the log has forgotten. */
  trimmed: number
}

/** All that was ever appended to a log, or to one shard of it, to judge by what a client was told. */
export class Truth {
  readonly #lives: Life[] = []
  // The epochs under which something was lost.
  readonly #losses: string[] = []

  begin(epoch: string): Life {
    const life: Life = {
      epoch,
      number: this.#lives.length,
      records: [],
      isFirst: this.#lives.every((life) => life.epoch === epoch),
      keys: new Map(),
      complete: new Set(),
      trimmed: 0,
    }
    this.#lives.push(life)
    return life
  }

  /** The log has lost all but so many records. */
  lose(kept: number): void {
    const { epoch, records, trimmed } = this.present
    this.#losses.push(epoch)
    const life = this.begin(epoch)
    life.trimmed = trimmed
    for (const record of records.slice(0, kept)) this.append(record)
  }

  append(record: KnownRecord): void {
    const { records, keys, complete } = this.present
    if (record.key !== undefined) keys.set(record.key, records.length + 1)
    records.push(record)
    if (record.event === 'millrace.end') complete.add(record.topic)
  }

  /** The latest of the lives in which a place is. */
  life(place: Position): Life | undefined {
    return this.#lives.findLast((life) => holds(life, place))
  }

  /** The latest of the lives in which both places are, so that they can be compared. */
  common(one: Position, other: Position): Life | undefined {
    if (one.epoch !== other.epoch) return undefined
    return this.#lives.findLast((life) => holds(life, one) && holds(life, other))
  }

  /** Those in which a place is. */
  lives(place: Position): readonly Life[] {
    return this.#lives.filter((life) => holds(life, place))
  }

  /** Whether anything was lost, under an epoch or at all. */
  hasLost(epoch?: string): boolean {
    return this.#losses.some((lost) => epoch === undefined || lost === epoch)
  }

  /** Whether a topic has ended in a life or in one after it, or in the one before, of which a stream may still tell. */
  wasComplete(topic: string, since: Life): boolean {
    return this.#lives.slice(Math.max(0, since.number - 1)).some(({ complete }) => complete.has(topic))
  }

  get present(): Life {
    return this.#lives.at(-1) as Life
  }

  /** The place in this log, or shard, that a position names which may be of several. */
  placeIn(position: Position | undefined): Position | undefined {
    if (position === undefined) return undefined
    const place = placesOf(position).find(({ epoch }) => this.hasEpoch(epoch))
    return place?.others === undefined ? place : joinPlaces([place])
  }

  /** Whether one of its lives has this epoch. */
  hasEpoch(epoch: string): boolean {
    return this.#lives.some((life) => life.epoch === epoch)
  }

  /** The same, of a text. */
  read(cursor: string): Position | undefined {
    return this.placeIn(parseCursor(cursor))
  }

  /** The life before the present one. */
  get former(): Life | undefined {
    return this.#lives.at(-2)
  }

  /** The place behind a record. */
  at({ epoch, records }: Life, offset: number): Position {
    const tag = records[offset - 1]?.tag
    return tag === undefined ? { epoch, offset } : { epoch, offset, tag }
  }

  get head(): Position {
    return this.at(this.present, this.present.records.length)
  }

  /** How many records it is short of what it once had in this epoch. */
  get lacks(): number {
    const { epoch, records } = this.present
    const lengths = this.#lives.map((life) => (life.epoch === epoch ? life.records.length : 0))
    return Math.max(...lengths) - records.length
  }

  /** The place before what the log still holds. */
  get oldest(): Position {
    return this.at(this.present, this.present.trimmed)
  }
}

// Without a tag, as at the beginning, the offset alone tells.
function holds({ epoch, records }: Life, place: Position): boolean {
  if (epoch !== place.epoch) return false
  return place.tag === undefined || records[place.offset - 1]?.tag === place.tag
}
