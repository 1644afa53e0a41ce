import { nowhere, parseCursor } from '@millrace/protocol'
import { asyncDispose } from '../async-dispose.ts'
import type { DurableSeat } from '../cursor-storage.ts'
import type { Delivered } from '../handler-error.ts'
import { requireArgument } from '../require-argument.ts'
import type { Consumer, Subscriber } from '../subscriber.ts'
import type { EventIterator, Subscription } from '../subscription.ts'
import { Acknowledgements } from './acknowledgements.ts'
import { CursorKeeper } from './cursor-keeper.ts'
import { inTime, type PlainStore } from './cursor-store.ts'
import { onPageEnd } from './page-end.ts'
import { StorageError } from './storage-error.ts'

/** What all subscriptions of a storage share. */
export interface Ledger {
  readonly store: PlainStore
  /** Whose cursors they are, and of which contract. */
  readonly scope: readonly string[]
  readonly maxUnacknowledged: number
  /** How long the store may take to answer, in milliseconds. */
  readonly storeTimeout: number
  /** Those that are open, by their keys. */
  readonly keepers: Map<string, CursorKeeper>
  /** The last of each key: what was before it writes nothing any more, for it may be further. */
  readonly last: Map<string, CursorKeeper>
  /** What is still being written of those that were closed. */
  readonly endings: Map<string, Promise<void>>
  /** Ends the watch for the end of the page, which lasts as long as one is open. */
  unwatch: (() => void) | undefined
}

/** Opens a subscription whose cursor is kept, or that is acknowledged by hand. @throws TypeError where its name is in use */
export function keepSubscription(ledger: Ledger, seat: DurableSeat): Subscription {
  const { keepers, endings, store, maxUnacknowledged, storeTimeout } = ledger
  const { call, settings } = seat
  const { address, durable, ack } = call
  const { clock, report } = settings
  const key =
    durable === undefined
      ? undefined
      : `millrace:${JSON.stringify([settings.url, ...ledger.scope, durable, address])}`
  requireArgument(!key || !keepers.has(key), `"${durable}" is open already for ${address}`)
  const acknowledgements = ack && new Acknowledgements()
  const fault = (operation: 'get' | 'set', cause: unknown) =>
    new StorageError(operation, `${durable}`, address, cause)
  const keeper =
    key === undefined
      ? undefined
      : new CursorKeeper(store, key, clock, storeTimeout, cursor, (cause) => report(fault('set', cause)))

  let inner: Subscription
  // Nothing is known of where it stands before the store has said what was kept.
  let started = false
  let over = false
  // What was handled after it was closed, by the handler that closed it.
  let left: string | undefined
  let makeRoom: (() => void) | undefined
  // Ends the wait for what was kept.
  let stopWaiting: (() => void) | undefined

  function cursor(): string | undefined {
    if (!started) return undefined
    const own = left ?? inner.cursor
    return acknowledgements ? acknowledgements.cursor(own) : own
  }

  function flush(): Promise<void> | undefined {
    return key && ledger.last.get(key) === keeper ? keeper?.flush() : undefined
  }

  function note(): void {
    if (!started) return
    if (over) void flush()
    else keeper?.note()
  }

  function finished(): void {
    over = true
    makeRoom?.()
    stopWaiting?.()
    if (!key || !keeper || !keepers.delete(key)) return
    if (keepers.size === 0) ledger.unwatch?.()
    if (!started) return
    const ending = keeper.close()
    endings.set(key, ending)
    void ending.then(() => {
      if (endings.get(key) === ending) endings.delete(key)
    })
  }

  function wrap({ consume, finish, turn }: Consumer): Consumer {
    // An iterator has taken an event, a handler has handled it.
    const handles = !finish
    return {
      turn,
      consume(event) {
        acknowledgements?.deliver(event.id, inner.cursor)
        const done = () => {
          if (handles && over) left = event.id
          note()
        }
        let handling: PromiseLike<unknown> | undefined | null
        try {
          handling = consume(event) as typeof handling
        } catch (thrown) {
          done()
          throw thrown
        }
        if (handling?.then) handling = Promise.resolve(handling).finally(done)
        else done()
        if (!acknowledgements || acknowledgements.size < maxUnacknowledged) return handling
        const room = new Promise<void>((resolve) => {
          makeRoom = resolve
        })
        return Promise.all([handling, room])
      },
      finish(error, keeps) {
        const told = finish?.(error, keeps) ?? false
        finished()
        return told
      },
    }
  }

  function begin(subscriber: Subscriber, start: () => void): void {
    const go = () => {
      // It may be over with that, its client having been closed meanwhile: then nothing of it is to be written.
      start()
      started = true
    }
    if (!key) {
      go()
      return
    }
    const resume = (text: string | null | undefined) => {
      if (over) return
      // From a place of no log: that what was kept cannot be read is told as a reset, and not passed over.
      if (text) subscriber.place = parseCursor(text) ?? { ...nowhere }
      keeper?.begin(text)
      go()
    }
    const fail = (cause: unknown) => {
      if (over) return
      const error = fault('get', cause)
      if (!subscriber.end(error)) report(error)
    }
    const read = () => {
      if (over) return undefined
      const { answer, cancel } = inTime(store.get(key), clock, storeTimeout)
      stopWaiting = cancel
      return answer
    }
    try {
      const kept = endings.get(key)?.then(read) ?? read()
      if (typeof kept === 'string' || !kept) resume(kept)
      else void kept.then(resume, fail)
    } catch (cause) {
      fail(cause)
    }
  }

  if (key && keeper) {
    if (keepers.size === 0) ledger.unwatch = onPageEnd(() => writeAll(keepers.values()))
    keepers.set(key, keeper)
    ledger.last.set(key, keeper)
  }
  inner = seat.make((consumer) => seat.open(call, wrap(consumer), begin))
  // From its very beginning on nothing is skipped.
  inner.ready.then(note, () => {})

  const outer = Object.create(inner, {
    cursor: { get: cursor, enumerable: true },
    ack: {
      value(event: Pick<Delivered, 'id'>) {
        acknowledgements?.acknowledge(event.id)
        if (acknowledgements && acknowledgements.size < maxUnacknowledged) makeRoom?.()
        note()
      },
    },
    [asyncDispose]: {
      async value() {
        inner.close()
        await flush()
      },
    },
    ...('next' in inner && iteratorParts(inner as EventIterator<Delivered>)),
  }) as Subscription
  return outer

  // A loop is done with an event when it asks for the next one.
  function iteratorParts(iterator: EventIterator<Delivered>): PropertyDescriptorMap {
    return {
      next: {
        value(holds?: boolean) {
          const next = iterator.next(holds)
          note()
          return next
        },
      },
      '~batch': {
        value(tell: () => void) {
          const handle = iterator['~batch'](tell)
          return (event: Delivered) => {
            handle(event)
            note()
          }
        },
      },
      [Symbol.asyncIterator]: { value: () => outer },
    }
  }
}

function writeAll(keepers: Iterable<CursorKeeper>): void {
  for (const keeper of keepers) void keeper.write()
}
