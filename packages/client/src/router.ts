import {
  comparable,
  controlEvent,
  controlPrefix,
  describeWants,
  isCutOff,
  isNewTo,
  laterOf,
  nowhere,
  type Position,
  parseCursor,
  placeAfter,
  placesOf,
  type ResetVerdict,
  type SseItem,
  type SseMessage,
} from '@millrace/protocol'
import { ConnectionError } from './connection-error.ts'
import { type OpenFrame, readBye, readVerdict } from './control.ts'
import { decodeMessage } from './decode.ts'
import { EventDataError } from './event-data-error.ts'
import type { Delivered } from './handler-error.ts'
import type { Settings } from './options.ts'
import { resetName } from './reset.ts'
import { type Route, routesTo } from './route.ts'
import type { StreamPlan } from './stream-plan.ts'
import type { Subscriber } from './subscriber.ts'

/** Topics whose subscribers are remembered. */
const knownTopics = 1_000

/** Gives what a stream brings to those of its subscriptions that it is for, and keeps the account of where they stand. */
export class Router {
  /** Whether it has told resets or states or given places since the next stream was asked for, so that its subscriptions may stand elsewhere. */
  told = false
  /** The last event that it has delivered since then. */
  last: SseMessage | undefined
  readonly #members: Set<Subscriber>
  // Those for whom it was asked, and whose topics are not complete: what they want is what it brings.
  readonly #asked: Set<Subscriber>
  readonly #routes = new Map<string, readonly Route[]>()
  #topic: string | undefined
  #topicRoutes: readonly Route[] = []
  readonly #report: Settings['report']
  readonly #complete: (subscriber: Subscriber, error?: EventDataError) => void
  // Those who had no place when the stream was asked for, and whose topics' states it has promised.
  readonly #untold: Set<Subscriber>
  // What a snapshot may stand for where its topic had a place: nothing is said of that but the verdict of the whole, and later on nothing.
  #doubt: ResetVerdict
  // Where it was asked for, as long as it begins with what was trimmed: the stream before may have led beyond that by now.
  #trimmed: StreamPlan['places'] | undefined
  // Up to where the stream has brought everything; `undefined` until it is told, and while resets and snapshots are.
  #position: Position | undefined
  #lastId: string
  // The newest that there was when it was opened, until it has come that far.
  #head: Position | undefined
  // Where the topics that were asked for from `now` begin: whoever is there is up to date.
  readonly #now: Position | undefined
  // What the stream before has brought since this one was asked for, the last of it, and so is to come again. Where it does not, it was lost by the log,
  // which was never asked to go on after it.
  #again: Position | undefined
  // Only the last reset of several tells where the stream goes on.
  #resets = new Map<string, SseMessage>()

  /**
   * @param complete called for each subscription that is over, its topic being complete or an event not fit for it
   * @param last the last event that was delivered since the stream was asked for
   */
  constructor(
    { members, beginners, places }: StreamPlan,
    { id, verdict, now, snapshots }: OpenFrame,
    report: Settings['report'],
    complete: (subscriber: Subscriber, error?: EventDataError) => void,
    last?: SseMessage,
  ) {
    this.#members = members
    this.#asked = new Set(members)
    this.#report = report
    this.#complete = complete
    this.#lastId = id
    const whole = verdict === 'fresh' || verdict === 'resumed'
    const position = parseCursor(id)
    this.#position = whole && !snapshots ? position : undefined
    this.#doubt = snapshots && (whole || verdict === 'epoch') ? 'epoch' : 'diverged'
    this.#trimmed = verdict === 'trimmed' ? places : undefined
    this.#untold = new Set(beginners.filter(({ address }) => snapshots?.includes(address)))
    const current = beginners.filter(({ place }) => place === 'now')
    this.#head = parseCursor(now ?? id)
    this.#now = current[0] && this.#head
    // From here on a cut loses nothing: who waits for a state comes back to be told it.
    for (const subscriber of current) {
      subscriber.place =
        subscriber.takesStates && this.#untold.has(subscriber) ? nowhere : (this.#now ?? 'now')
    }
    this.settle()
    this.#arrive()
    if (whole && last && this.#routesTo(`${last.fields.topic}`)[0])
      this.#again = parseCursor(last.lastEventId)
  }

  /** Writes down where its subscriptions stand, or some of them, and tells them that it is known. */
  settle(subscribers: Iterable<Subscriber> = this.#members): void {
    for (const subscriber of subscribers) {
      if (!this.#position || !this.#members.has(subscriber)) continue
      const { place, confirm } = subscriber
      // There was no state to be had.
      const begun = place === nowhere ? (this.#now ?? place) : place
      // The next stream may have been asked to begin it elsewhere.
      this.told ||= begun === 'earliest'
      subscriber.place = laterOf(begun, this.#position)
      confirm()
    }
  }

  /** Nothing that it brings moves a subscription any more. */
  leave(subscriber: Subscriber): void {
    this.#members.delete(subscriber)
  }

  /** The next stream is about to be asked for, from where its subscriptions stand. */
  mark(): void {
    this.settle()
    this.told = false
    const { last } = this
    // An event that is still being handled is beyond what is asked for.
    if (!this.#position || !last || !isNewTo(this.#position, parseCursor(last.lastEventId)))
      this.last = undefined
  }

  /**
   * Whether the stream brings all that these subscriptions want, and nothing else.
   *
   * @param joinable whether those that came later may be taken in, where the stream brings already what they want
   */
  serves(subscribers: ReadonlySet<Subscriber>, joinable: boolean): boolean {
    for (const member of this.#members) if (!subscribers.has(member)) this.#members.delete(member)
    this.#routes.clear()
    this.#topic = undefined
    return (
      describeWants(subscribers) === describeWants(this.#asked) &&
      [...subscribers].every(
        (subscriber) => this.#members.has(subscriber) || (joinable && this.#join(subscriber)),
      )
    )
  }

  /** Handles one item, at that position. The promise, where there is one, is of handlers that have not returned. @throws ConnectionError */
  handle(item: SseItem, position: Position | undefined): Promise<unknown> | undefined {
    const message = 'event' in item ? item : undefined
    const isReset = message?.event === controlEvent.reset
    if (isReset || message?.event === controlEvent.snapshot) {
      const { lastEventId, fields } = message
      const address = fields.topic ?? ''
      let telling: Promise<void> | undefined
      if (isReset) {
        // A pattern may be told of several shards, of each where it goes on there.
        this.#resets.set(address + fields.at, message)
        this.#again = undefined
      } else telling = this.#tellState(message, address)
      // Only the last of them tells where the stream goes on.
      if (lastEventId === this.#lastId) return telling
      return Promise.resolve(telling).then(() => this.#tellResets(lastEventId))
    }
    // Where it goes on is where it was.
    if (this.#resets.size > 0)
      return this.#tellResets(this.#lastId).then(() => message && this.#handleMessage(message, position))
    if (this.#again) this.#compare(this.#again, position)
    if (message) return this.#handleMessage(message, position)
    // For topics without a state to tell, the id of the open frame may be all that there is to say, once more.
    if (!this.#position) this.#goOn(item.lastEventId, position)
    return undefined
  }

  /** @throws ConnectionError where something else has come than what has to come again: the next stream is asked for after that, and told */
  #compare(again: Position, next: Position | undefined): void {
    if (!next || isNewTo(next, again)) return
    this.#again = undefined
    if (isCutOff('ahead', again, next)) throw new ConnectionError('protocol', 'The stream does not go on')
  }

  /** An item was handled: the position moves to its id. */
  moveTo(id: string, position: Position | undefined): void {
    const known = this.#position
    // That it has moved is seen sooner than that the texts differ.
    if (known && position && isNewTo(known, position)) {
      this.#lastId = id
      this.#position = position
      this.#arrive()
    } else if (id !== this.#lastId) this.#goOn(id, known ?? position)
  }

  // To where the stream says that it goes on, which may lie before the old place.
  #goOn(id: string, position: Position | undefined): void {
    const known = this.#position
    this.#lastId = id
    this.#position = position
    // Clearing makes a new table, also of none.
    if (this.#untold.size > 0) this.#untold.clear()
    this.#trimmed = undefined
    this.#doubt = 'diverged'
    if (!known) this.settle()
    this.#arrive()
  }

  #arrive(): void {
    const position = this.#position
    // In another life of the log nothing is known of where it ends.
    if (!position || !this.#head) return
    if (placesOf(this.#head).some((end) => Number(comparable(position, end)?.offset) < end.offset)) return
    this.#head = undefined
    for (const { turn } of this.#members) turn?.(true)
  }

  #handleMessage(message: SseMessage, position: Position | undefined): Promise<unknown> | undefined {
    const { event, fields } = message
    if (event === controlEvent.bye || event === controlEvent.denied) throw readBye(message)
    if (event === controlEvent.end) this.#end(fields.topic)
    // Others of the wire's own events are of a newer server.
    if (event.startsWith(controlPrefix)) return undefined
    if (!fields.topic) throw new ConnectionError('protocol', `Event "${event}" has no topic`)
    return this.#deliver(message, fields.topic, position)
  }

  #deliver(message: SseMessage, topic: string, position: Position | undefined): Promise<unknown> | undefined {
    let handling: readonly Promise<unknown>[] | undefined
    for (const route of this.#routesTo(topic)) {
      let event: Delivered | EventDataError | undefined
      for (const subscriber of route.subscribers) {
        const { names, place } = subscriber
        if (names?.has(message.event) === false || !isNewTo(place, position)) continue
        this.last = message
        event ??= decodeMessage(message, topic, route, this.#report)
        const handled = this.#give(subscriber, event, position)
        // Mostly there is none, nor is an array.
        if (handled) handling = [...(handling ?? []), handled]
      }
    }
    return handling && Promise.all(handling)
  }

  #give(
    subscriber: Subscriber,
    event: Delivered | EventDataError,
    position?: Position,
  ): Promise<unknown> | undefined {
    if (!(event instanceof EventDataError)) return subscriber.deliver(event, position)
    if (subscriber.invalid === 'end') this.#complete(subscriber, event)
    return undefined
  }

  async #tellResets(id: string): Promise<void> {
    const goesOnAt = parseCursor(id)
    const resets = this.#resets
    this.#resets = new Map()
    this.settle()
    // Nobody joins it before they are told.
    this.#position = undefined
    // One after the other, as all else: a pattern may be told of several shards.
    for (const message of resets.values()) {
      const verdict = readVerdict(message)
      // Other topics of the stream may stand further back than where this one goes on.
      const { at = id, topic = '' } = message.fields
      const begins = parseCursor(at)
      const isMeant = ({ place }: Subscriber) => isCutOff(verdict, place, begins, goesOnAt)
      await Promise.all(
        this.#concerned(topic, isMeant).map(async (subscriber) => {
          // Whom it does not concern stands there already, or the stream before has told of what was trimmed, and led beyond it. Who begins at the
          // oldest record may be told that a limit holds it up, and is in no life but this one.
          const { place } = subscriber
          if (!isMeant(subscriber) && (typeof place === 'object' || verdict === 'epoch')) return
          await subscriber.deliver({ name: resetName, data: { verdict }, topic, id: at })
          subscriber.place = placeAfter(place, begins, goesOnAt)
        }),
      )
    }
    this.told = true
    this.#goOn(id, goesOnAt)
  }

  /** Gives a topic's state to those who begin with it or could not go on. Who takes no states is told a reset in the second case. */
  async #tellState(message: SseMessage, topic: string): Promise<void> {
    const id = message.fields.at ?? message.lastEventId
    // What cannot be read is told again.
    const position = parseCursor(id) ?? nowhere
    this.settle()
    this.#position = undefined
    const concerned = this.#concerned(
      topic,
      (subscriber) =>
        this.#untold.has(subscriber) ||
        (isCutOff(this.#doubt, subscriber.place, position) &&
          !(this.#doubt === 'epoch' && comparable(subscriber.place, position))),
      // Who it was for may have left.
      this.#doubt === 'epoch',
    )
    await Promise.all(
      routesTo(topic, concerned).flatMap((route) => {
        let state: Delivered | EventDataError | undefined
        return route.subscribers.map(async (subscriber) => {
          const known = comparable(subscriber.place, position)
          // It took no part in what happened, or has been told by the stream before.
          const goesOn =
            this.#untold.delete(subscriber) ||
            (this.#trimmed && isNewTo(this.#trimmed.get(subscriber) ?? 'now', known))
          if (known && !isCutOff(goesOn ? 'trimmed' : 'ahead', known, position)) return
          if (subscriber.takesStates) {
            state ??= decodeMessage(message, topic, route, this.#report)
            await this.#give(subscriber, state)
          }
          if (!subscriber.takesStates || state instanceof EventDataError) {
            const verdict = !known ? 'epoch' : known.offset < position.offset ? 'trimmed' : 'ahead'
            await subscriber.deliver({ name: resetName, data: { verdict }, topic, id })
          }
          subscriber.place = position
        })
      }),
    )
    this.told = true
  }

  /** Those of an address whom something concerns that was told of it: who is sure to be meant, or all where nobody is and that may be. */
  #concerned(
    address: string,
    isMeant: (subscriber: Subscriber) => boolean,
    certain?: boolean,
  ): readonly Subscriber[] {
    const all = [...this.#members].filter((subscriber) => subscriber.address === address)
    const sure = all.filter(isMeant)
    return certain || sure[0] ? sure : all
  }

  #end(address: string | undefined): void {
    for (const subscriber of this.#members) {
      if (subscriber.address !== address) continue
      this.#complete(subscriber)
      // That it was asked for costs nothing any more, and a new stream only for its sake would.
      this.#asked.delete(subscriber)
    }
  }

  // Who wants to begin now needs no stream of its own, if this one is up to date.
  #join(subscriber: Subscriber): boolean {
    const position = this.#position
    const now = position && comparable(this.#now, position)
    // Who takes a state begins with one. That the stream is up to date in one shard says nothing of the others.
    if (subscriber.takesStates || subscriber.place !== 'now' || !now || this.#head) return false
    subscriber.place = position
    this.#members.add(subscriber)
    this.settle()
    subscriber.turn?.(true)
    return true
  }

  #routesTo(topic: string): readonly Route[] {
    // Mostly it is that of the event before, which is sooner seen than looked up.
    if (topic === this.#topic) return this.#topicRoutes
    let routes = this.#routes.get(topic)
    if (!routes) {
      if (this.#routes.size >= knownTopics) this.#routes.clear()
      routes = routesTo(topic, this.#members)
      this.#routes.set(topic, routes)
    }
    this.#topic = topic
    this.#topicRoutes = routes
    return routes
  }
}
