import type { SseMessage } from '@millrace/protocol'
import type { ConnectionError } from '../connection-error.ts'
import { type Reset, resetName } from '../reset.ts'
import type { Subscriber } from '../subscriber.ts'
import { carryError } from './carried-error.ts'
import { type News, readPlace, type Want } from './messages.ts'

/**
 * A subscription of another tab, as the connection of the one that leads sees it. What it brings is decoded over there.
 *
 * @param send takes what becomes of it. A promise asks for patience
 */
export function createRemoteSubscriber(
  { address, names, takesStates, place: start }: Want,
  send: (from: Subscriber, news: News) => Promise<unknown> | undefined,
): Subscriber {
  let place = readPlace(start)
  let confirmed = false
  // What it was told, until it is known where that leads.
  let reset: Reset | undefined
  const subscriber: Subscriber = {
    address,
    names,
    takesStates,
    raw: true,
    topic: undefined,
    // Whoever waits for that is over there.
    ready: Promise.resolve(),
    get place() {
      return place
    },
    set place(next) {
      if (reset) send(subscriber, { kind: 'reset', reset, place: next })
      else if (next !== place) send(subscriber, { kind: 'place', place: next })
      reset = undefined
      place = next
    },
    confirm() {
      if (!confirmed) send(subscriber, { kind: 'confirm' })
      confirmed = true
    },
    turn(isCurrent) {
      send(subscriber, { kind: 'turn', isCurrent })
    },
    deliver(event) {
      if (event.name !== resetName)
        return send(subscriber, { kind: 'message', message: event.data as SseMessage })
      reset = event as Reset
      return undefined
    },
    // It is let go of by its tab.
    close() {},
    end(error) {
      send(subscriber, { kind: 'end', error: error ? carryError(error as ConnectionError) : undefined })
      return true
    },
  }
  return subscriber
}
