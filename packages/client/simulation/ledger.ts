import { fitsPattern, nowhere, type Position, parseCursor, type StreamRequest } from '@millrace/protocol'
import { type ClientError, ResetError } from '../src/index.ts'
import { Planned } from './audience.ts'
import { PlannedRefusal } from './cursor-shelf.ts'
import type { Link } from './link.ts'
import { type Witness, write } from './witness.ts'
import type { World } from './world.ts'

/** What a subscription had handled when a request was planned. */
export interface Handled {
  readonly finished: Position | undefined
  /** Of that, what nothing held up. */
  readonly rested: Position | undefined
}

/** Whether the last event of the stream before is one of those that the next one is asked for. */
function isBroughtAgain(topic: string | undefined, asked: StreamRequest | undefined): boolean {
  const segments = topic?.split('/')
  return !!segments && !!asked?.topics.some(({ address }) => fitsPattern(address.split('/'), segments))
}

/** What the network gives away of where the subscriptions of a client stand: their witnesses learn it from here. */
export class Ledger {
  readonly #world: World
  readonly #links: readonly Link[]
  readonly #witnesses: () => readonly Witness[]
  /** Whether headers were asked for anew, and no stream was open since. */
  #refreshed = false
  /** How many answers there were after which there is nothing to hope for. */
  #finals = 0
  #spared: [Witness, Link][] = []

  constructor(world: World, links: readonly Link[], witnesses: () => readonly Witness[]) {
    this.#world = world
    this.#links = links
    this.#witnesses = witnesses
  }

  /**
   * What a request says of its places is what the handlers have finished, and no more.
   *
   * @param plan for whom it is made, and what they had handled as it was planned
   */
  requested(link: Link, plan: ReadonlyMap<Witness, Handled>): void {
    // The client has read by now what was refused.
    this.settle()
    for (const [witness, { finished, rested }] of plan) {
      const { closed, taking, truth } = witness
      // A stream that was opened for it was let go, because the one before had told of something else meanwhile.
      if (this.#beginsAnew(link, witness)) {
        witness.beginAnew()
        continue
      }
      // Who waits for a state has no place yet.
      const starts = link.startsOf(taking.address).map((text = '') => truth.read(text))
      // The client has a place for it, from a stream that was cut in the moment in which it was open.
      if (witness.place === undefined && starts.every((start) => start !== undefined)) {
        if (taking.from === 'now') {
          const link = this.#links.findLast(
            (link) => link.opening.now !== undefined && link.asksFromNow(witness),
          )
          witness.latest ??= truth.placeIn(link?.opening.place) ?? truth.head
          // What an iterator holds was taken off the stream already.
        } else if (starts.length === 1 && taking.form !== 'iterator') witness.begin(starts[0] as Position)
        witness.begun = true
      }
      if (closed || finished === undefined || taking.form === 'iterator' || witness.ending !== 'none')
        continue
      // Nobody asks for it any more.
      if (witness.isComplete) continue
      const isServed = starts.some((start) => {
        if (start === undefined) return false
        const [other, life] = [truth.life(start), truth.life(finished)]
        // It is of an older history, or lost: that is told anew.
        if (other !== undefined && life !== undefined && other.number < life.number) return true
        const shared = truth.common(start, finished)
        // The stream before had led it into what is lost, and nothing has told it so.
        if (shared === undefined) return witness.isGuess
        return start.offset < (witness.due(finished, shared) ?? Number.POSITIVE_INFINITY)
      })
      this.#expectNothingTwice(link, witness, rested, starts)
      // Its state was told just after that was planned, and is told again.
      const isTold = link.startsOf(taking.address).includes(write(nowhere))
      if (!isServed && !isTold)
        this.#world.chronicle.accuse(
          `request ${link.number} asks for ${taking.address} from ${starts.map((start) => start && write(start))}, ` +
            `and ${witness.label} has handled up to ${write(finished)} only`,
        )
    }
  }

  // Whether it is asked for from `now`, although a stream seemed to have given it a place.
  #beginsAnew(link: Link, witness: Witness): boolean {
    const { address } = witness.taking
    // A stream may have seemed to give it one that was let go of before it was the client's own.
    const isPlaceless = ({ place, ready, taking }: Witness) =>
      taking.address === address && (place === undefined || (ready === 'pending' && taking.from === 'now'))
    const asked = link.asked?.topics.filter((topic) => topic.address === address && topic.from === 'now')
    // A pattern has a witness in each shard.
    const placeless = new Set(link.plan.filter(isPlaceless).map(({ taking }) => taking))
    return (
      witness.ready === 'pending' &&
      link.asksFromNow(witness) &&
      isPlaceless(witness) &&
      asked?.length === placeless.size
    )
  }

  // What was handled need not come again, unless another on the same topic has not got it.
  #expectNothingTwice(
    link: Link,
    witness: Witness,
    rested: Position | undefined,
    [start, ...others]: readonly (Position | undefined)[],
  ): void {
    const { taking, truth } = witness
    if (rested === undefined || start === undefined || others.length > 0) return
    const isAlone = link.plan.every((other) => other === witness || other.taking.address !== taking.address)
    const shared = isAlone ? truth.common(start, rested) : undefined
    const next = shared && witness.next(start, shared)
    if (next !== undefined && next <= rested.offset)
      this.#world.chronicle.accuse(
        `request ${link.number} asks for ${taking.address} from ${write(start)}, and ${witness.label} has handled up to ${write(rested)} already`,
      )
  }

  /** A stream is the client's own from now on. */
  adopted(link: Link): void {
    const { opening, earliest, plan, number, asked } = link
    this.#refreshed = false
    this.#world.chronicle.log(() => `stream ${number} is the one`)
    const before = this.#links.findLast((other) => other !== link && other.adopted)?.opening
    const isAgain = opening.isWhole && isBroughtAgain(before?.ledBy, asked)
    for (const witness of plan) {
      const { place: stands, truth } = witness
      const place = truth.placeIn(opening.place)
      const named = link.startsOf(witness.taking.address).map((text = '') => truth.read(text))
      witness.ledFurther =
        stands !== undefined && !named.some((start) => start && write(start) === write(stands))
      // It is over, although nobody was told.
      if (witness.isComplete) continue
      witness.begun = true
      const reached = truth.placeIn(before?.reached)
      // What comes again stands for its own shard alone.
      const isOwn = isAgain && truth.hasEpoch(`${before?.reached?.epoch}`)
      if (reached !== undefined) witness.wasLed(reached, () => isOwn && !opening.hasResets)
      const starts = (asked?.topics ?? []).filter(({ address }) => address === witness.taking.address)
      if (witness.taking.from === 'now' && place !== undefined && starts.some(({ from }) => from === 'now')) {
        // Of two, one may have joined the stream from before, which asks for nothing. A state has a place of its own.
        if (starts.length === 1 && !witness.takesStates) witness.begin(place)
        else witness.latest ??= place
      } else if (witness.taking.from === 'now') {
        witness.latest ??= truth.head
      }
      // Before the resets and states are told that it begins with, a stream gives no place to those that have none.
      const isAlone =
        witness.taking.from === 'earliest' && starts.length === 1 && starts[0]?.from === 'earliest'
      const oldest = earliest.find(({ epoch }) => truth.hasEpoch(epoch))
      if (isAlone && oldest !== undefined && !opening.isUnsettled) witness.begin(oldest)
    }
  }

  /** Somebody is about to be told of something: the stream that tells it is the client's own by then. */
  place(witness: Witness): void {
    if (witness.place !== undefined) return
    const link = this.#links.findLast(
      (link) =>
        link.opening.now !== undefined && !(link.left && !link.adopted) && link.plan.includes(witness),
    )
    if (link === undefined || link.adopted) return
    // The one before goes on telling until then.
    if (this.#links.some(({ adopted, live, plan }) => adopted && live && plan.includes(witness))) return
    // What an iterator takes may be of the stream before.
    if (witness.taking.form === 'iterator' && this.#links.some(({ adopted }) => adopted)) return
    link.adopt()
  }

  answered(link: Link, status: number): void {
    if (status === 401 && !this.#refreshed) {
      this.#refreshed = true
      return
    }
    if (![204, 401, 403, 404, 400].includes(status)) return
    this.#finals += 1
    const isReal = link.fate.kind === 'serve'
    if (isReal && ![204, 403, 404].includes(status)) {
      this.#world.chronicle.accuse(
        `request ${link.number} is answered ${status}, for which there is no reason`,
      )
    }
    const served = new Set(
      this.#links.flatMap((other) => (other !== link && other.live && other.adopted ? other.plan : [])),
    )
    for (const witness of link.plan) {
      if (isReal && status === 404 && witness.taking.address !== 'nowhere/1') continue
      if (isReal && status === 204 && !witness.isComplete) continue
      if (isReal && status === 403 && !link.denied.has(witness.taking.address)) continue
      if (!served.has(witness) || isReal) witness.ending = 'possible'
      else this.#spared.push([witness, link])
    }
  }

  /** Those whom a refusal leaves what is open, as long as that is open when the client has read the refusal. */
  settle(): void {
    for (const [witness, refused] of this.#spared.splice(0)) {
      const isServed = this.#links.some((link) => link.live && link.adopted && link.plan.includes(witness))
      if (!isServed) witness.ending = 'possible'
      else if (refused.live) this.#spared.push([witness, refused])
    }
  }

  /** `onError` was called: there must be a reason for it. */
  reported(error: ClientError): void {
    if (error.code === 'handler' && error.cause instanceof Planned) return
    if (error.code === 'event-data') return
    if (error.code === 'storage' && error.cause instanceof PlannedRefusal) return
    if (error.code === 'connection' && this.#finals > 0) return
    if (ResetError.isInstance(error)) this.#reset(error)
    else this.#world.chronicle.accuse(`an error that nothing explains: ${error.message}`)
  }

  #reset({ verdict, topic, id }: ResetError): void {
    // It does not say whose it is: who stands behind comes first, and then who may.
    const goesOn = parseCursor(id)
    const concerned = this.#witnesses().filter(
      ({ taking, closed, isOver, takesResets, ready, truth }) =>
        !closed &&
        !isOver &&
        ready !== 'rejected' &&
        !takesResets &&
        taking.address === topic &&
        goesOn &&
        truth.hasEpoch(goesOn.epoch),
    )
    for (const witness of concerned) this.place(witness)
    const standsOf = ({ place, latest }: Witness) => place ?? latest
    const isBehind = (witness: Witness) => {
      const stands = standsOf(witness)
      return stands && goesOn && (stands.epoch !== goesOn.epoch || stands.offset < goesOn.offset)
    }
    // Who begins at the oldest record was in no life before.
    const mayBegin = ({ taking, truth }: Witness) =>
      verdict !== 'epoch' || taking.from !== 'earliest' || truth.present.isFirst === false
    const isLost = (witness: Witness) => {
      const stands = standsOf(witness)
      return stands && witness.truth.life(stands) !== witness.truth.present && write(stands) !== id
    }
    const candidates = [
      /^(ahead|diverged)$/.test(verdict) ? concerned.filter(isLost) : [],
      concerned.filter(isBehind),
      concerned.filter((witness) => standsOf(witness) === undefined && mayBegin(witness)),
      // A state that cannot be had is told as a reset to who waits for it.
      concerned.filter(({ place, takesStates }) => place === undefined && takesStates),
      concerned.filter(({ place }) => place === undefined),
      // Where something was lost, anybody may be told.
      concerned.filter(({ truth }) => truth.hasLost()),
    ].find((some) => some.length > 0)
    // Who takes states is told one, where there is one.
    const witness = candidates?.toSorted(
      (one, other) => +one.takesStates - +other.takesStates || one.resets - other.resets,
    )[0]
    if (witness === undefined) this.#world.chronicle.accuse(`a reset of ${topic} to ${id} that is for nobody`)
    this.#world.counts.resets += 1
    witness?.reset(id, verdict)
    if (witness) witness.finished = witness.place
  }
}
