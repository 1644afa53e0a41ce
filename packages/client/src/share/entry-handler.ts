import {
  comparable,
  isNewTo,
  laterOf,
  nowhere,
  type Place,
  type Position,
  parseCursor,
  type SseMessage,
} from '@millrace/protocol'
import { decodeMessage } from '../decode.ts'
import { EventDataError } from '../event-data-error.ts'
import type { Delivered } from '../handler-error.ts'
import type { Settings } from '../options.ts'
import { type Reset, resetName } from '../reset.ts'
import { routesTo } from '../route.ts'
import { snapshotName } from '../snapshot.ts'
import type { Subscriber } from '../subscriber.ts'

/** Hands what comes from the tab that leads to the subscriptions of this one, and keeps the account of where they stand. */
export class EntryHandler {
  readonly #report: Settings['report']
  readonly #complete: (subscriber: Subscriber, error: EventDataError) => void

  /** @param complete called for each subscription that is over because an event is not fit for it */
  constructor(report: Settings['report'], complete: (subscriber: Subscriber, error: EventDataError) => void) {
    this.#report = report
    this.#complete = complete
  }

  /** The promise, where there is one, is of handlers that have not returned. */
  message(message: SseMessage, subscribers: readonly Subscriber[]): Promise<unknown> | undefined {
    const { event, fields, lastEventId } = message
    const topic = fields.topic ?? ''
    const isState = event === snapshotName
    const id = (isState && fields.at) || lastEventId
    const position = parseCursor(id)
    const handling: Promise<unknown>[] = []
    for (const route of routesTo(topic, subscribers)) {
      let read: Delivered | EventDataError | undefined
      for (const subscriber of route.subscribers) {
        if (!isState && !isNewTo(subscriber.place, position)) continue
        read ??= decodeMessage(message, topic, route, this.#report)
        if (isState) {
          handling.push(this.#state(subscriber, read, topic, id, position ?? nowhere))
          continue
        }
        const handled = this.#give(subscriber, read, position)
        const move = () => moveTo(subscriber, laterOf(subscriber.place, position))
        if (handled) handling.push(handled.then(move))
        else move()
      }
    }
    return handling[0] && Promise.all(handling)
  }

  /** @param place where it leads */
  reset(reset: Reset, place: Place, subscribers: readonly Subscriber[]): Promise<unknown> {
    return Promise.all(
      subscribers.map(async (subscriber) => {
        await subscriber.deliver(reset)
        moveTo(subscriber, place)
      }),
    )
  }

  /** The stream has come that far. What has come by itself may be further, and only a reset leads back. */
  place(place: Place, subscriber: Subscriber): void {
    const isKnown = typeof subscriber.place === 'object' && subscriber.place !== nowhere
    moveTo(subscriber, isKnown && typeof place === 'object' ? laterOf(subscriber.place, place) : place)
  }

  async #state(
    subscriber: Subscriber,
    state: Delivered | EventDataError,
    topic: string,
    id: string,
    position: Position,
  ): Promise<void> {
    const known = comparable(subscriber.place, position)
    await this.#give(subscriber, state)
    if (state instanceof EventDataError) {
      // As where one has a stream of its own: nothing has healed what was lost.
      const verdict = !known ? 'epoch' : known.offset < position.offset ? 'trimmed' : 'ahead'
      await subscriber.deliver({ name: resetName, data: { verdict }, topic, id })
    }
    moveTo(subscriber, position)
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
}

function moveTo(subscriber: Subscriber, place: Place): void {
  subscriber.place = place
}
