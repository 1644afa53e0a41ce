import type { EventIterator } from './subscription.ts'

/** What a subscription brings, many at once. */
export interface EventBatches<Event> extends AsyncIterableIterator<readonly Event[], undefined> {
  next(): Promise<IteratorResult<readonly Event[], undefined>>
  return(): Promise<IteratorResult<readonly Event[], undefined>>
  [Symbol.asyncIterator](): EventBatches<Event>
}

const nothing = Symbol()
const done = { done: true, value: undefined } as const

/**
 * Gathers what a subscription brings: first, as one array, everything that there was when its stream was opened (an empty one where there
 * was nothing), and then each time all that has come meanwhile:
 * `for await (const events of batches(client.subscribe(order, { from: 'earliest' }))) render(events)`.
 *
 * The subscription's `cursor` moves on when the next array is asked for. Leaving the loop closes it, and what ends it ends the loop, after
 * the last array.
 *
 * The first array holds the whole history in memory.
 */
export function batches<Event extends { readonly id: string }>(
  events: EventIterator<Event>,
): EventBatches<Event> {
  let caughtUp = false
  let tell: (value: typeof nothing) => void = () => {}
  const history = new Promise<typeof nothing>((resolve) => {
    tell = resolve
  })
  const handle = events['~batch'](() => {
    caughtUp = true
    tell(nothing)
  })
  // One that was asked for and has not come, perhaps for an array that is out already.
  let pending: Promise<IteratorResult<Event, undefined>> | undefined
  // The last one of the array that is out.
  let last: Event | undefined
  let fault: { readonly error: unknown } | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let begun = false

  /** The next event, or `nothing` where something else comes before; `undefined` when there will be none. */
  async function take(unless?: Promise<typeof nothing>): Promise<Event | typeof nothing | undefined> {
    pending ??= events.next(true)
    // Of two that have come, a race is won by the first in the list.
    let result: IteratorResult<Event, undefined> | typeof nothing | undefined
    try {
      result = await (unless ? Promise.race([pending, unless]) : pending)
    } finally {
      if (result !== nothing) pending = undefined
    }
    return result === nothing ? nothing : result.value
  }

  async function fill(batch: Event[]): Promise<void> {
    for (;;) {
      // Once the whole history has come, what is there is taken, and waited for only where nothing was.
      const whole = caughtUp
      let event = await take(Promise.resolve(nothing))
      if (event === nothing) {
        if (whole && (batch[0] || !begun)) return
        event = await take(whole ? undefined : history)
      }
      if (event === undefined) return
      if (event !== nothing) batch.push(event)
    }
  }

  async function gather(): Promise<IteratorResult<readonly Event[], undefined>> {
    if (last) handle(last)
    const value: Event[] = []
    try {
      if (fault) throw fault.error
      await fill(value)
    } catch (error) {
      // What came before it is given first.
      fault = value[0] && { error }
      if (!fault) throw error
    }
    last = value.at(-1) ?? last
    const isHistory = !begun && caughtUp
    begun = true
    return value[0] || isHistory ? { done: false, value } : done
  }

  const iterator: EventBatches<Event> = {
    next() {
      const result = turn.then(gather)
      turn = result.catch(() => {})
      return result
    },
    async return() {
      events.close()
      return done
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
