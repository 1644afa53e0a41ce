import { controlEvent, controlPrefix, type Position, parseCursor, type SseMessage } from '@millrace/protocol'
import { ConnectionError } from './connection-error.ts'
import { type OpenFrame, readBye, readVerdict } from './control.ts'
import { createDecoder } from './decode.ts'
import { EventDataError } from './event-data-error.ts'
import type { StreamItem } from './event-stream.ts'
import type { Settings } from './options.ts'
import { comparable, isCutOff, isNewTo, laterOf } from './place.ts'
import { type Reset, resetName } from './reset.ts'
import { type Route, routesTo } from './route.ts'
import { describeWants, type StreamPlan } from './stream-plan.ts'
import type { Subscriber } from './subscriber.ts'

/** Topics whose subscribers are remembered. */
const knownTopics = 1_000

/** Gives what a stream brings to those of its subscriptions that it is for, and keeps the account of where they stand. */
export class Router {
  readonly #members: Set<Subscriber>
  // Those for whom it was asked, and whose topics are not complete: what they want is what it brings.
  readonly #asked: Set<Subscriber>
  readonly #routes = new Map<string, readonly Route[]>()
  readonly #report: Settings['report']
  readonly #complete: (subscriber: Subscriber, error?: EventDataError) => void
  // Up to where the stream has brought everything; `undefined` between the open frame and the resets that follow it.
  #position: Position | undefined
  #lastId: string
  // Where the topics that were asked for from `now` begin: whoever is there is up to date.
  readonly #now: Position | undefined
  // Only the last reset of several tells where the stream goes on.
  #resets: { readonly address: string; readonly verdict: Reset['data']['verdict'] }[] = []

  /** @param complete called for each subscription that is over, its topic being complete or an event not fit for it */
  constructor(
    { subscribers }: StreamPlan,
    { id, verdict, now }: OpenFrame,
    report: Settings['report'],
    complete: (subscriber: Subscriber, error?: EventDataError) => void,
  ) {
    this.#members = new Set(subscribers)
    this.#asked = new Set(subscribers)
    this.#report = report
    this.#complete = complete
    this.#lastId = id
    this.#position = verdict === 'fresh' || verdict === 'resumed' ? parseCursor(id) : undefined
    const current = subscribers.filter(({ place }) => place === 'now')
    if (current.length === 0) return
    this.#now = parseCursor(now ?? id)
    // From here on a cut loses nothing.
    for (const subscriber of current) subscriber.place = this.#now ?? 'now'
  }

  has(subscriber: Subscriber): boolean {
    return this.#members.has(subscriber)
  }

  /** Writes down with each subscription where it stands. */
  settle(): void {
    for (const subscriber of this.#members) subscriber.place = laterOf(subscriber.place, this.#position)
  }

  /**
   * Whether the stream brings all that these subscriptions want, and nothing else.
   *
   * @param joinable whether those that came later may be taken in, where the stream brings already what they want
   */
  serves(subscribers: ReadonlySet<Subscriber>, joinable: boolean): boolean {
    for (const member of this.#members) if (!subscribers.has(member)) this.#members.delete(member)
    this.#routes.clear()
    for (const subscriber of subscribers) {
      if (!this.#members.has(subscriber) && !(joinable && this.#join(subscriber))) return false
    }
    return describeWants(subscribers) === describeWants(this.#asked)
  }

  /** Handles one item. The promise, where there is one, is of handlers that have not returned. @throws ConnectionError */
  handle(item: StreamItem): Promise<unknown> | undefined {
    const message = 'event' in item ? item : undefined
    if (message?.event === controlEvent.reset) {
      this.#resets.push({ address: message.fields.topic ?? '', verdict: readVerdict(message) })
      const { lastEventId } = message
      return lastEventId === this.#lastId
        ? undefined
        : this.#tellResets(lastEventId, parseCursor(lastEventId))
    }
    // None of them said where it goes on, which no server should do; they are told all the same.
    if (this.#resets.length > 0) {
      return this.#tellResets(this.#lastId, undefined).then(() => message && this.#handleMessage(message))
    }
    return message && this.#handleMessage(message)
  }

  /** An item was handled: the position moves to its id. */
  moveTo(id: string): void {
    if (id === this.#lastId) return
    this.#lastId = id
    const position = parseCursor(id)
    if (position !== undefined && isNewTo(this.#position ?? 'now', position)) this.#position = position
  }

  #handleMessage(message: SseMessage): Promise<unknown> | undefined {
    const { event, fields } = message
    if (event === controlEvent.bye) throw readBye(message)
    if (event === controlEvent.end) this.#end(fields.topic)
    // Others of the wire's own events are of a newer server.
    if (event.startsWith(controlPrefix)) return undefined
    if (fields.topic === undefined) throw new ConnectionError('protocol', `Event "${event}" has no topic`)
    return this.#deliver(message, fields.topic)
  }

  #deliver(message: SseMessage, topic: string): Promise<unknown> | undefined {
    const position = parseCursor(message.lastEventId)
    const decode = createDecoder(message, topic, this.#report)
    const handling: Promise<unknown>[] = []
    for (const route of this.#routesTo(topic)) {
      const { subscriber } = route
      const { names, place, endsOnInvalid } = subscriber
      if (names?.has(message.event) === false || !isNewTo(place, position)) continue
      const event = decode(route)
      const fits = !(event instanceof EventDataError)
      const handled = fits && subscriber.deliver(event)
      if (handled) handling.push(handled)
      if (!fits && endsOnInvalid) this.#complete(subscriber, event)
    }
    return handling.length === 0 ? undefined : Promise.all(handling)
  }

  async #tellResets(id: string, goesOnAt: Position | undefined): Promise<void> {
    const resets = this.#resets
    this.#resets = []
    this.settle()
    // Nobody joins it before they are told.
    this.#position = undefined
    await Promise.all(
      [...this.#members].map(async (subscriber) => {
        const { address, place } = subscriber
        const reset = resets.find(
          (reset) => reset.address === address && isCutOff(reset.verdict, place, goesOnAt),
        )
        if (reset === undefined) return
        await subscriber.deliver({ name: resetName, data: { verdict: reset.verdict }, topic: address, id })
        if (goesOnAt !== undefined) subscriber.place = goesOnAt
      }),
    )
    // It may lie before the old one.
    this.#lastId = id
    this.#position = goesOnAt
  }

  #end(address: string | undefined): void {
    for (const subscriber of this.#members) {
      if (subscriber.address !== address) continue
      this.#complete(subscriber)
      // That it was asked for costs nothing any more, and a new stream only for its sake would.
      this.#asked.delete(subscriber)
    }
  }

  // Who wants to begin now needs no stream of its own, if this one is up to date and brings the same.
  #join(subscriber: Subscriber): boolean {
    const position = this.#position
    const now = position && comparable(this.#now, position)
    if (subscriber.place !== 'now' || !now || position.offset < now.offset) return false
    if (describeWants([...this.#asked, subscriber]) !== describeWants(this.#asked)) return false
    subscriber.place = position
    this.#members.add(subscriber)
    return true
  }

  #routesTo(topic: string): readonly Route[] {
    let routes = this.#routes.get(topic)
    if (routes === undefined) {
      if (this.#routes.size >= knownTopics) this.#routes.clear()
      routes = routesTo(topic, this.#members)
      this.#routes.set(topic, routes)
    }
    return routes
  }
}
