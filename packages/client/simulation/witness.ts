import type { NewRecord } from '@millrace/log'
import { formatCursor, type Position, parseCursor } from '@millrace/protocol'
import type { Taking } from './scenario.ts'
import { hasState, malformed, unknownEvent } from './shop.ts'
import { Standing } from './standing.ts'
import type { States } from './states.ts'
import type { Life, Truth } from './truth.ts'

/** What a subscription may be told. */
export interface Told {
  readonly name: string
  readonly id: string
  readonly topic: string
  readonly data: unknown
}

/** Something that was told, and where it led. */
export interface Pending {
  readonly id: string
  readonly position: Position
  readonly isEvent: boolean
  /** Where the subscription stood before. */
  readonly before: Position | undefined
}

/** Says that a promise was broken. */
export type Accuse = (fault: string) => void

/**
 * Watches over one subscription: knows from the truth what must come next, and accuses whatever else does. Each event once and in
 * order, none left out, and none after the end, unless a reset says so and had to.
 */
export class Witness extends Standing<Witness> {
  readonly label: string
  /** The log, or the shard. */
  readonly truth: Truth
  /** After which record the next one must come; `undefined` as long as nobody knows. */
  place: Position | undefined
  /** The same, of the events whose handlers have returned. */
  finished: Position | undefined
  /** The same, as it was when nothing was being handled that might hold it up: nobody has to be asked for that again. */
  rested: Position | undefined
  /** With no place yet: where it began at the latest. */
  latest: Position | undefined
  /** Whether the stream before had led it further than the open one was asked for. */
  ledFurther = false
  /** Whether the client has a place for it, known here or not. */
  begun = false
  /** What it was told and does not count as handled, in the order in which it came. */
  readonly pending: Pending[] = []
  resets = 0
  // Up to where the stream before had led it. Where the log has lost that, what lies before comes or does not, as no request named it.
  #led: Position | undefined
  // Whether the client notices that once the log has come as far again.
  #isVerified = () => false
  readonly #states: States
  readonly #accuse: Accuse
  readonly #isAlone: () => boolean
  // When it began: in which life, and up to where the log had forgotten.
  readonly #since: { readonly life: Life; readonly trimmed: number }

  /**
   * @param isAlone whether no other subscription has its address: of several only one verdict is told
   * @param lane another one of the same subscription, in another shard
   */
  constructor(
    label: string,
    taking: Taking,
    cursor: Position | undefined,
    { truth, states }: { readonly truth: Truth; readonly states: States },
    accuse: Accuse,
    isAlone: () => boolean,
    lane?: Witness,
  ) {
    super(taking, lane)
    this.lanes.push(this)
    this.#isAlone = isAlone
    this.label = label
    this.place = cursor
    this.finished = cursor
    this.truth = truth
    this.#states = states
    this.#accuse = (fault) => accuse(`${label}: ${fault}`)
    this.#since = { life: truth.present, trimmed: truth.present.trimmed }
  }

  get takesResets(): boolean {
    return this.taking.form !== 'named'
  }

  /** Whether it is told states, where there are some. */
  get takesStates(): boolean {
    const { address, form, states } = this.taking
    return hasState(address) && (form !== 'named' || states)
  }

  /** It is known where it began. */
  begin(place: Position): void {
    if (this.place !== undefined) return
    this.place = place
    this.finished ??= place
  }

  /**
   * The stream before had come that far, also without an event for it. If the log loses that, no request names it: what comes up to there
   * is taken for what was had.
   *
   * @param isVerified whether the stream has to bring that very record again, so that the client notices where it does not
   */
  wasLed(reached: Position, isVerified: () => boolean): void {
    const { place, truth } = this
    // What was lost below that is never told any more, however far the streams after it lead.
    const led = this.#led
    const isLost = led && place?.epoch === led.epoch && this.#doubtfulIn(truth.present) > place.offset
    if (isLost && !this.#isVerified()) return
    this.#led = reached
    this.#isVerified = isVerified
  }

  /** Whether a name that it has is in use. */
  get isUsed(): boolean {
    return !this.closed && !this.isOver && this.ending === 'none' && !this.isComplete
  }

  /** Whether it may hold up others, or itself: what is being handled, or waits to be acknowledged. */
  get holdsUp(): boolean {
    const { busy, pending, taking } = this
    // Also what a loop has not taken waits to be acknowledged.
    return !!busy || (taking.ack === 'manual' && (pending.length > 0 || taking.form === 'iterator'))
  }

  /** Up to where everything counts as handled. */
  get settled(): Position | undefined {
    const [first] = this.pending
    return first === undefined ? this.place : first.before
  }

  /** It has no place yet after all. */
  beginAnew(): void {
    this.place = undefined
    this.finished = undefined
    this.latest = undefined
    this.begun = false
  }

  /** It goes on where one of its name was before it. */
  resumeAt(position: Position): void {
    this.taking = { ...this.taking, from: 'cursor' }
    this.place = position
    this.finished = position
    this.rested = undefined
  }

  /**
   * An event or a reset. The answer is to be called when its handler has returned.
   *
   * @returns what tells that, and whether it counts as handled only when `handled` is called
   */
  told(told: Told): (holds?: boolean) => Pending | undefined {
    if (this.closed) this.#accuse(`was told of ${told.id} after it was closed`)
    if (this.isOver) this.#accuse(`was told of ${told.id} after its end`)
    if (this.busy !== undefined) this.#accuse(`was told of ${told.id} while it handles ${this.busy.id}`)
    this.busy = told
    // It goes on elsewhere.
    if (told.name.startsWith('millrace.')) this.rested = undefined
    const before = this.place
    if (told.name === 'millrace.reset') this.reset(told.id, (told.data as { verdict: string }).verdict)
    else if (told.name === 'millrace.snapshot') this.#state(told)
    else this.#event(told)
    this.#expectOthersBefore(told)
    const { place } = this
    const isEvent = !told.name.startsWith('millrace.')
    const pending = place && { id: told.id, position: place, isEvent, before }
    if (pending !== undefined) this.pending.push(pending)
    return (holds = false) => {
      this.busy = undefined
      this.finished = place
      if (!holds) this.handled(pending)
      return pending
    }
  }

  /** Something that it was told counts as handled. */
  handled(handled: Pending | undefined): void {
    for (const { pending } of this.lanes) {
      const index = handled ? pending.indexOf(handled) : -1
      if (index >= 0) pending.splice(index, 1)
    }
  }

  /** That in whose shard something was told. */
  laneOf({ id }: Told): Witness {
    const epoch = parseCursor(id)?.epoch
    return this.lanes.find(({ truth }) => epoch !== undefined && truth.hasEpoch(epoch)) ?? this
  }

  // What it says of the other shards leaves nothing out there, so that it can be gone on from.
  #expectOthersBefore({ id }: Told): void {
    for (const lane of this.lanes) {
      const says = lane === this ? undefined : lane.truth.read(id)
      const shared = says && lane.place && lane.truth.common(says, lane.place)
      const next = shared && lane.due(lane.place as Position, shared)
      if (next !== undefined && next <= (says as Position).offset)
        this.#accuse(`${id} lies beyond ${write(this.truth.at(shared as Life, next))}, which has not come`)
    }
  }

  reset(id: string, verdict: string): void {
    this.resets += 1
    this.rested = undefined
    const goesOn = this.truth.read(id)
    const life = goesOn && this.truth.life(goesOn)
    if (goesOn === undefined || life === undefined) {
      this.#accuse(`a reset to nowhere, ${id}`)
      return
    }
    // It was a state that it is told in the place of, which it does not take.
    const isState = hasState(this.taking.address)
    const before = this.place?.epoch ?? life.epoch
    const isLost =
      (verdict === 'ahead' || verdict === 'diverged') &&
      (this.truth.hasLost(life.epoch) || this.truth.hasLost(before))
    if (goesOn.offset > life.trimmed && !isLost && !isState)
      this.#accuse(`a reset to ${id}, although the log still held what lies before`)
    const { place } = this
    const isBeginner = place === undefined && this.taking.from === 'earliest'
    if (isBeginner && verdict === 'epoch' && life.isFirst && this.#isAlone())
      this.#accuse(`a reset (${verdict}) to ${id}, and there was no epoch before`)
    if (place !== undefined && !isLost) {
      const expected = place.epoch === life.epoch ? 'trimmed' : 'epoch'
      if (verdict !== expected && (this.#isAlone() || (verdict !== 'trimmed' && verdict !== 'epoch')))
        this.#accuse(`a reset (${verdict}) from ${write(place)} to ${id}, not ${expected}`)
      // Who begins at the oldest record may be told of what another on its topic has lost: nobody says whose verdict it is.
      const isBeginning = this.taking.from === 'earliest' && this.count === 0 && !this.#isAlone()
      const isBack = place.offset > goesOn.offset || (place.offset === goesOn.offset && !isBeginning)
      if (this.#isFormer(goesOn, place) || (place.epoch === life.epoch && isBack))
        this.#accuse(`a reset (${verdict}) to ${id}, and it stood at ${write(place)} already`)
      if (isState) this.#expectGap(place, goesOn, `a reset (${verdict})`)
    }
    this.place = goesOn
    this.#led = undefined
    this.#isVerified = () => false
  }

  #state({ id, topic, data }: Told): void {
    const position = this.truth.read(id)
    const life = position && this.truth.life(position)
    if (position === undefined || life === undefined) {
      this.#accuse(`a state of nowhere, ${id}`)
      return
    }
    if (!this.takesStates || topic !== this.taking.address)
      this.#accuse(`a state of ${topic}, for which nobody asked`)
    const fault = this.#states.faultOf(topic, data, position, life)
    if (fault !== undefined) this.#accuse(fault)
    const { place } = this
    if (place !== undefined) {
      this.#expectGap(place, position, 'a state')
      const isLost = this.truth.hasLost(life.epoch)
      if (
        this.#isFormer(position, place) ||
        (place.epoch === life.epoch && place.offset > position.offset && !isLost)
      )
        this.#accuse(`a state of ${id}, and it stood at ${write(place)} already`)
    }
    this.place = position
  }

  /** In place of events there comes something else: they must be gone. Of several on one topic only one verdict is told. */
  #expectGap(place: Position, goesOn: Position, what: string): void {
    const life = this.truth.life(goesOn) as Life
    const isGone =
      place.epoch !== goesOn.epoch || place.offset < life.trimmed || this.truth.hasLost(life.epoch)
    if (!isGone && !this.ledFurther && this.#isAlone())
      this.#accuse(
        `${what} that leads from ${write(place)} to ${write(goesOn)}, and nothing in between was gone`,
      )
  }

  /** Whether a place is of an earlier history than another. */
  #isFormer(place: Position, other: Position): boolean {
    const { number } = this.truth.life(place) as Life
    return place.epoch !== other.epoch && number < (this.truth.life(other) as Life).number
  }

  #event({ name, id, topic, data }: Told): void {
    this.count += 1
    const position = this.truth.read(id)
    const life = position && this.truth.life(position)
    const record = position && life?.records[position.offset - 1]
    if (position === undefined || life === undefined || record === undefined) {
      this.#accuse(`an event that never was, ${id}`)
      return
    }
    if (record.topic !== topic || record.event !== name || record.data !== JSON.stringify(data))
      this.#accuse(`${id} is ${name} of ${topic} with ${JSON.stringify(data)}, and was ${record.data}`)
    if (!this.#wants(record)) this.#accuse(`${id} is none of its events`)
    const first = this.#firstPlace(position, life)
    const shared = this.truth.common(first, position)
    const isUnknowable = (this.place === undefined && this.truth.hasLost(position.epoch)) || this.isGuess
    if (shared === undefined) {
      if (!isUnknowable) this.#accuse(`went on with ${id} after ${write(first)} without a reset`)
    } else {
      const next = this.next(first, shared)
      const missing = Math.min(this.#doubtfulIn(shared), position.offset - 1)
      const isExcused =
        !this.#isVerified() &&
        missing >= first.offset &&
        this.next(this.truth.at(shared, missing), shared) === position.offset
      if (next !== position.offset && !isExcused)
        this.#accuse(`${id} after ${write(first)}, where ${next === undefined ? 'nothing' : next} was next`)
    }
    this.place = position
  }

  /** Whether the log has lost something, and the client cannot know whether that was where the stream before had led it. */
  get isGuess(): boolean {
    const { place } = this
    return place !== undefined && this.ledFurther && !this.#isVerified() && this.truth.hasLost(place.epoch)
  }

  // Where it stood before its first event; of many a start no more is known than where it must lie.
  #firstPlace(position: Position, life: Life): Position {
    if (this.place !== undefined) return this.place
    const before = this.truth.at(life, position.offset - 1)
    const { latest } = this
    if (latest !== undefined) {
      const isWithin =
        latest.epoch === position.epoch
          ? latest.offset >= position.offset || this.truth.hasLost(latest.epoch)
          : this.#isFormer(position, latest)
      return isWithin ? before : latest
    }
    if (this.taking.from !== 'earliest') return before
    // It may begin no later than with what is held by now, and no earlier than with what was held then.
    if (position.offset - 1 > life.trimmed) return this.truth.at(life, life.trimmed)
    // Another one of its address may be told a state from before that, and the server goes on from there with what it still has in memory.
    if (this.#since.life.epoch === life.epoch && position.offset <= this.#since.trimmed && this.#isAlone())
      this.#accuse(`began with ${write(position)}, which was gone`)
    return before
  }

  /** The offset of the next record for it after a place. */
  next(place: Position, { records } = this.truth.life(place) as Life): number | undefined {
    for (let index = place.offset; index < records.length; index += 1) {
      if (this.#wants(records[index] as NewRecord)) return index + 1
    }
    return undefined
  }

  /**
   * The same, of which nothing has told that it may be missing.
   *
   * @param inTheEnd whether the client has had the time to notice that something is missing
   */
  readonly due = (place: Position, life: Life, inTheEnd = false): number | undefined => {
    const offset = inTheEnd && this.#isNoticed(life) ? 0 : this.#doubtfulIn(life)
    return this.next(this.truth.at(life, Math.max(place.offset, offset)), life)
  }

  // Whether something else has come by now than what was to come again.
  #isNoticed({ records }: Life): boolean {
    return this.#isVerified() && (this.#led?.offset ?? 0) <= records.length
  }

  #doubtfulIn(life: Life): number {
    const led = this.#led
    if (led?.epoch !== life.epoch || this.truth.lives(led).includes(life)) return 0
    return Math.min(led.offset, life.records.length)
  }

  /** Whether it has all that it is to have, and has handled it. */
  get isContent(): boolean {
    if (this.closed || this.ending !== 'none') return true
    if (!this.isStarted) return false
    if (this.busy !== undefined) return false
    if (this.place === undefined && this.isComplete) return true
    const place = this.place ?? this.latest ?? (this.begun ? this.truth.oldest : undefined)
    if (place === undefined) return false
    const life = this.truth.life(place)
    if (life !== undefined && life === this.truth.present && this.due(place, life, true) === undefined)
      return true
    // What nobody can know, nobody is told.
    const { present } = this.truth
    if (life !== present && life?.epoch === present.epoch && this.ledFurther && !this.#isNoticed(present))
      return true
    return this.isComplete
  }

  /** Whether it stands behind all events of a topic that has ended. */
  get isComplete(): boolean {
    const { address } = this.taking
    const { place } = this
    if (place === undefined) return this.truth.wasComplete(address, this.#since.life)
    return this.truth
      .lives(place)
      .some((life) => life.complete.has(address) && this.next(place, life) === undefined)
  }

  /** Whether its topic has ended, and whoever asks for it is told so. */
  get hasToEnd(): boolean {
    const { address } = this.taking
    if (this.closed || this.ending !== 'none' || !this.isStarted) return false
    const { complete, records, trimmed } = this.truth.present
    // With what the log has forgotten it may have forgotten that.
    const isHeld = () =>
      records.some(
        ({ topic, event }, index) => index >= trimmed && topic === address && event === 'millrace.end',
      )
    return complete.has(address) && isHeld()
  }

  #wants({ topic, event, data }: NewRecord): boolean {
    const { address, form, bare } = this.taking
    if (topic !== address && !(address === 'orders/*' && topic.startsWith('orders/'))) return false
    if (event === 'millrace.end' || data === malformed) return false
    if (event === unknownEvent) return bare && form !== 'named'
    return form !== 'named' || event === 'placed' || event === 'counted' || event === 'changed'
  }
}

export const write = formatCursor
