import { asyncDispose } from './async-dispose.ts'
import type { Delivered } from './handler-error.ts'
import type { Consumer } from './subscriber.ts'
import type { EventIterator, Subscription } from './subscription.ts'

/** Events that wait for their consumer, at most. */
const capacity = 256

type Result = IteratorResult<Delivered, undefined>
type Place = { readonly id: string | undefined }
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
  let taken: Place | undefined
  let handled: Place | undefined
  // Whether all has come once that there was.
  let isCurrent = false
  let onCurrent: (() => void) | undefined

  /** Gives those who wait what there is for them. */
  function give(): void {
    while (waiters[0] && (buffer[0] || over)) {
      const [resolve, reject] = waiters.shift() as Waiter
      const value = buffer.shift()
      const error = fault
      if (value) {
        taken = value
        resolve({ done: false, value })
      } else if (error) {
        fault = undefined
        reject(error)
      } else resolve(done)
    }
  }

  const subscription = subscribe({
    consume(event) {
      // Where it stood before any of them.
      if (!latest) handled = taken = { id: subscription.cursor }
      latest = event
      buffer.push(event)
      give()
      if (buffer.length < capacity) return undefined
      return new Promise<void>((resolve) => {
        makeRoom = resolve
      })
    },
    finish(error, keeps) {
      if (!keeps) buffer.length = 0
      over = true
      fault = error
      makeRoom?.()
      give()
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
      return latest === handled ? subscription.cursor : handled?.id
    },
    next: (holds) =>
      new Promise((...waiter) => {
        if (!holds) handled = taken
        waiters.push(waiter)
        give()
        // Not for each that is taken: to be waited for one by one takes longer than to be read.
        if (buffer.length < capacity / 2) makeRoom?.()
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
