import type { NewRecord } from '@millrace/log'
import { type Position, parseCursor } from '@millrace/protocol'
import type { Life, Truth } from './recorded-log.ts'
import type { Taking } from './scenario.ts'

/** What a subscription may be told. */
export interface Told {
  readonly name: string
  readonly id: string
  readonly topic: string
  readonly data: unknown
}

/** Says that a promise was broken. */
export type Accuse = (fault: string) => void

/**
 * Watches over one subscription: knows from the truth what must come next, and accuses whatever else does. Each event once and in
 * order, none left out, and none after the end, unless a reset says so and had to.
 */
export class Witness {
  readonly label: string
  readonly taking: Taking
  /** After which record the next one must come; `undefined` as long as nobody knows. */
  place: Position | undefined
  /** The same, of the events whose handlers have returned. */
  finished: Position | undefined
  /** With no place yet: where it began at the latest. */
  latest: Position | undefined
  /** What it handles at the moment. */
  busy: Told | undefined
  /** Ended by its caller. */
  closed = false
  /** Whether it may have been ended by the server, or is known to be. */
  ending: 'none' | 'possible' = 'none'
  /** Its iterator is done, or has thrown. */
  isOver = false
  /** Whether the client has a place for it, known here or not. */
  begun = false
  count = 0
  readonly #truth: Truth
  readonly #accuse: Accuse
  readonly #isAlone: () => boolean
  // Up to where the log had forgotten when it began.
  readonly #trimmed: { readonly epoch: string; readonly offset: number }

  /** @param isAlone whether no other subscription has its address: of several only one verdict is told */
  constructor(
    label: string,
    taking: Taking,
    cursor: Position | undefined,
    truth: Truth,
    accuse: Accuse,
    isAlone: () => boolean,
  ) {
    this.#isAlone = isAlone
    this.label = label
    this.taking = taking
    this.place = cursor
    this.finished = cursor
    this.#truth = truth
    this.#accuse = (fault) => accuse(`${label}: ${fault}`)
    this.#trimmed = { epoch: truth.present.epoch, offset: truth.present.trimmed }
  }

  get takesResets(): boolean {
    return this.taking.form !== 'named'
  }

  /** It is known where it began. */
  begin(place: Position): void {
    if (this.place !== undefined) return
    this.place = place
    this.finished ??= place
  }

  /** An event or a reset. The answer is to be called when its handler has returned. */
  told(told: Told): () => void {
    if (this.closed) this.#accuse(`was told of ${told.id} after it was closed`)
    if (this.isOver) this.#accuse(`was told of ${told.id} after its end`)
    if (this.busy !== undefined) this.#accuse(`was told of ${told.id} while it handles ${this.busy.id}`)
    this.busy = told
    if (told.name === 'millrace.reset') this.reset(told.id, (told.data as { verdict: string }).verdict)
    else this.#event(told)
    const { place } = this
    return () => {
      this.busy = undefined
      this.finished = place
    }
  }

  reset(id: string, verdict: string): void {
    const goesOn = parseCursor(id)
    const life = goesOn && this.#truth.life(goesOn.epoch)
    if (goesOn === undefined || life === undefined) {
      this.#accuse(`a reset to nowhere, ${id}`)
      return
    }
    if (goesOn.offset > life.trimmed)
      this.#accuse(`a reset to ${id}, although the log still held what lies before`)
    const { place } = this
    if (place !== undefined) {
      const before = this.#truth.life(place.epoch) as Life
      const expected = before === life ? 'trimmed' : 'epoch'
      if (verdict !== expected && (this.#isAlone() || (verdict !== 'trimmed' && verdict !== 'epoch')))
        this.#accuse(`a reset (${verdict}) from ${write(place)} to ${id}, not ${expected}`)
      // Who begins at the oldest record may be told of what another on its topic has lost: nobody says whose verdict it is.
      const isBeginning = this.taking.from === 'earliest' && this.count === 0 && !this.#isAlone()
      const isBack = place.offset > goesOn.offset || (place.offset === goesOn.offset && !isBeginning)
      if (before.number > life.number || (before === life && isBack))
        this.#accuse(`a reset (${verdict}) to ${id}, and it stood at ${write(place)} already`)
    }
    this.place = goesOn
  }

  #event({ name, id, topic, data }: Told): void {
    this.count += 1
    const position = parseCursor(id)
    const life = position && this.#truth.life(position.epoch)
    const record = position && life?.records[position.offset - 1]
    if (position === undefined || life === undefined || record === undefined) {
      this.#accuse(`an event that never was, ${id}`)
      return
    }
    if (record.topic !== topic || record.event !== name || record.data !== JSON.stringify(data))
      this.#accuse(`${id} is ${name} of ${topic} with ${JSON.stringify(data)}, and was ${record.data}`)
    if (!this.#wants(record)) this.#accuse(`${id} is none of its events`)
    const first = this.#firstPlace(position, life)
    if (first.epoch !== position.epoch)
      this.#accuse(`went on with ${id} after ${write(first)} without a reset`)
    else {
      const next = this.next(first)
      if (next !== position.offset)
        this.#accuse(`${id} after ${write(first)}, where ${next === undefined ? 'nothing' : next} was next`)
    }
    this.place = position
  }

  // Where it stood before its first event; of many a start no more is known than where it must lie.
  #firstPlace(position: Position, life: Life): Position {
    if (this.place !== undefined) return this.place
    const before = { epoch: position.epoch, offset: position.offset - 1 }
    if (this.latest !== undefined) {
      const within =
        this.latest.epoch === position.epoch
          ? this.latest.offset >= position.offset
          : (this.#truth.life(this.latest.epoch) as Life).number > life.number
      return within ? before : this.latest
    }
    if (this.taking.from !== 'earliest') return before
    // It may begin no later than with what is held by now, and no earlier than with what was held then.
    if (position.offset - 1 > life.trimmed) return { epoch: life.epoch, offset: life.trimmed }
    if (this.#trimmed.epoch === life.epoch && position.offset <= this.#trimmed.offset)
      this.#accuse(`began with ${write(position)}, which was gone`)
    return before
  }

  /** The offset of the next record for it after a place. */
  next({ epoch, offset }: Position): number | undefined {
    const { records } = this.#truth.life(epoch) as Life
    for (let index = offset; index < records.length; index += 1) {
      if (this.#wants(records[index] as NewRecord)) return index + 1
    }
    return undefined
  }

  /** Whether it has all that it is to have, and has handled it. */
  get isContent(): boolean {
    if (this.closed || this.ending !== 'none') return true
    if (this.busy !== undefined) return false
    if (this.place === undefined && this.isComplete) return true
    const { epoch, trimmed: offset } = this.#truth.present
    const place = this.place ?? this.latest ?? (this.begun ? { epoch, offset } : undefined)
    if (place === undefined || this.next(place) !== undefined) return false
    return place.epoch === epoch || this.isComplete
  }

  /** Whether it stands behind all events of a topic that has ended. */
  get isComplete(): boolean {
    const { address } = this.taking
    const { place } = this
    if (place === undefined) return this.#truth.wasComplete(address, this.#trimmed.epoch)
    const complete = this.#truth.life(place.epoch)?.complete.has(address) === true
    return complete && this.next(place) === undefined
  }

  #wants({ topic, event, data }: NewRecord): boolean {
    const { address, form, bare } = this.taking
    if (topic !== address && !(address === 'orders/*' && topic.startsWith('orders/'))) return false
    if (event === 'millrace.end' || data === malformed) return false
    if (event === unknownEvent) return bare && form !== 'named'
    return form !== 'named' || event === 'placed' || event === 'counted'
  }
}

/** Data that is no JSON. */
export const malformed = '{"n":'

/** An event that no contract has. */
export const unknownEvent = 'vanished'

export const write = ({ epoch, offset }: Position): string => `${epoch}.${offset}`
