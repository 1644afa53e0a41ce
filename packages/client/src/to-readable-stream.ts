import type { EventIterator } from './subscription.ts'

/**
 * A `ReadableStream` of what a subscription brings, for pipes. It takes nothing that nobody reads. Cancelling it closes the subscription, it closes
 * with it, and it fails where the iterator would throw.
 */
export function toReadableStream<Event>(events: EventIterator<Event>): ReadableStream<Event> {
  return new ReadableStream<Event>(
    {
      async pull(controller) {
        const { done, value } = await events.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: () => events.close(),
    },
    // The reader of an event is done with the one before it, so nothing is taken ahead.
    { highWaterMark: 0 },
  )
}
