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

  function settle([resolve, reject]: Waiter): void {
    const error = fault
    fault = undefined
    if (error === undefined) resolve(done)
    else reject(error)
  }

  const { address, close } = subscribe({
    consume(event) {
      const waiter = waiters.shift()
      if (waiter) return waiter[0]({ done: false, value: event })
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
  })

  const iterator: EventIterator<Delivered> = {
    address,
    next: () =>
      new Promise((...waiter) => {
        const event = buffer.shift()
        if (event) {
          makeRoom?.()
          waiter[0]({ done: false, value: event })
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
      close()
    },
    [asyncDispose]: async () => iterator.close(),
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
