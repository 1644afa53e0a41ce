import { asyncDispose } from './async-dispose.ts'
import type { Delivered } from './handler-error.ts'
import type { Consumer } from './subscriber.ts'
import type { EventIterator, Subscription } from './subscription.ts'

/** Events that wait for their consumer, at most. */
const capacity = 256

type Result = IteratorResult<Delivered, undefined>
type Waiter = readonly [resolve: (result: Result) => void, reject: (error: unknown) => void]

const done: Result = { done: true, value: undefined }

/**
 * Makes an iterator over the events of a subscription. It holds a bounded number; when it is full, the stream is not read.
 *
 * @param subscribe makes the subscription that fills it
 */
export function createEventIterator(
  subscribe: (consumer: Consumer) => Subscription,
): EventIterator<Delivered> {
  const buffer: Delivered[] = []
  const waiters: Waiter[] = []
  let over = false
  // Told to one reader, after what had come before.
  let fault: unknown
  let makeRoom: (() => void) | undefined
  // The last that came, that was given to the reader, and that the reader is done with.
  let latest: Delivered | undefined
  let taken: Delivered | undefined
  let handled: Pick<Delivered, 'id'> | undefined
  // Whether all has come once that there was.
  let isCurrent = false
  let onCurrent: (() => void) | undefined
  // Where it stood before any of them.
  let start: string | undefined

  function settle([resolve, reject]: Waiter): void {
    const error = fault
    fault = undefined
    if (error === undefined) resolve(done)
    else reject(error)
  }

  function give([resolve]: Waiter, event: Delivered): void {
    taken = event
    resolve({ done: false, value: event })
  }

  const subscription = subscribe({
    consume(event) {
      if (!latest) start = subscription.cursor
      latest = event
      const waiter = waiters.shift()
      if (waiter) return give(waiter, event)
      if (buffer.push(event) < capacity) return undefined
      return new Promise<void>((resolve) => {
        makeRoom = resolve
      })
    },
    finish(error, keeps) {
      if (!keeps) buffer.length = 0
      over = true
      fault = error
      makeRoom?.()
      waiters.splice(0).forEach(settle)
      return true
    },
    turn(value) {
      isCurrent ||= value
      if (value) onCurrent?.()
    },
  })

  const iterator: EventIterator<Delivered> = {
    ...subscription,
    get cursor() {
      return latest === handled ? subscription.cursor : handled ? handled.id : start
    },
    next: (holds) =>
      new Promise((...waiter) => {
        if (!holds) handled = taken
        const event = buffer.shift()
        if (event) {
          makeRoom?.()
          give(waiter, event)
        } else if (over) settle(waiter)
        else waiters.push(waiter)
      }),
    async return() {
      iterator.close()
      return done
    },
    close() {
      // It may be over already, and still hold what came before its end.
      buffer.length = 0
      fault = undefined
      subscription.close()
    },
    [asyncDispose]: async () => iterator.close(),
    [Symbol.asyncIterator]: () => iterator,
    '~batch'(tell) {
      onCurrent = tell
      if (isCurrent) tell()
      return (event) => {
        handled = event
      }
    },
  }
  return iterator
}
