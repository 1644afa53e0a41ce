import type { Topic, TopicPattern } from '@millrace/contract'
import { formatCursor, laterOf, MillraceError, nowhere, type Place, type Position } from '@millrace/protocol'
import { type Delivered, HandlerError } from './handler-error.ts'
import type { Settings } from './options.ts'
import type { Reset } from './reset.ts'
import { ResetError } from './reset-error.ts'

/** Where the events of a subscription go: to a handler, or into an iterator. */
export interface Consumer {
  /** Takes an event. A promise is awaited before the next one comes. */
  readonly consume: (event: Delivered) => unknown
  /**
   * Nothing will come any more; without an error that is the regular end. Answers whether its caller learns of the error so.
   *
   * @param keeps whether what has arrived may still be taken
   */
  readonly finish?: (error: unknown, keeps: boolean) => boolean
  /** Told when everything has come that there was when its stream was opened, and when that stream was lost. */
  readonly turn?: ((isCurrent: boolean) => void) | undefined
}

/** What a subscription wants. */
export interface Interest {
  readonly address: string
  /** What decodes its events; `undefined` for a bare address. */
  readonly topic: Topic | TopicPattern | undefined
  /** The names of what it takes, resets and snapshots among them; all when absent. */
  readonly names: ReadonlySet<string> | undefined
  /** Whether its topic's state is told as such, and not as the reset that it replaces. A pattern has none. */
  readonly takesStates: boolean
  readonly signal?: AbortSignal
  /** Whether its events are handed on as they came: another tab decodes them. */
  readonly raw?: true
  /** Whether it is over (`end`) with the first event that does not fit the contract. */
  readonly invalid?: 'report' | 'end'
  /** Only what lies after it is delivered. While a stream serves the subscription, the stream may be further. */
  place: Place
}

/** One subscription, as the connection sees it. */
export interface Subscriber extends Interest {
  /** Resolves when its place is known to the server. Nobody has to look at it, also when it rejects. */
  readonly ready: Promise<void>
  /** A stream serves it, and has told its place. */
  confirm(): void
  /** Everything has come that there was when its stream was opened, or that stream was lost. */
  readonly turn: Consumer['turn']
  /**
   * Hands over an event, unless the subscription is over. The promise, where there is one, never rejects.
   *
   * @param position what the event's id says; none where that is not the stream's
   */
  deliver(event: Delivered, position?: Position): Promise<unknown> | undefined
  /** Ends it for its caller. May be passed on without its object, as all of these. */
  close(): void
  /** Ends it for a reason of the server's. Answers whether its caller learns of the error. */
  end(error?: unknown): boolean | undefined
}

/** What is told to who waits for something of a subscription that was closed. */
export function closedError(address: string, cause: unknown): MillraceError {
  return new MillraceError('AbortError', 'closed', `${address} was closed`, { cause })
}

/** Where a subscriber stands, as text; `undefined` where that is not known. */
export function cursorOf({ place }: Pick<Subscriber, 'place'>): string | undefined {
  return typeof place === 'object' && place !== nowhere ? formatCursor(place) : undefined
}

/** @param leave called once, when the caller has closed it */
export function createSubscriber(
  interest: Interest,
  { consume, finish, turn }: Consumer,
  report: Settings['report'],
  leave: (subscriber: Subscriber) => void,
): Subscriber {
  const { signal } = interest
  let over = false
  let confirm = () => {}
  let refuse: (error?: unknown) => void = confirm
  const ready = new Promise<void>((...settle) => {
    ;[confirm, refuse] = settle
  })
  ready.catch(() => {})

  function end(error?: unknown, keeps = true): boolean | undefined {
    over = true
    signal?.removeEventListener('abort', close)
    if (error) refuse(error)
    // That nothing will come is an answer, too.
    else confirm()
    return finish?.(error, keeps)
  }

  function close(): void {
    if (over) return
    refuse(closedError(interest.address, signal?.reason))
    end(undefined, false)
    leave(subscriber)
  }

  const subscriber: Subscriber = {
    ...interest,
    ready,
    confirm,
    turn,
    close,
    end,
    deliver(event, position) {
      if (over) return undefined
      // In other shards the stream may be further back, for others: who went on from there would be given again what lies between.
      if (position?.others)
        event = { ...event, id: formatCursor(laterOf(subscriber.place, position) as Position) }
      // All else comes only to who takes it.
      if (interest.names?.has(event.name) === false) {
        report(new ResetError(event as Reset))
        return undefined
      }
      try {
        const handled = consume(event) as PromiseLike<unknown> | undefined | null
        if (handled?.then)
          return Promise.resolve(handled).catch((cause) => report(new HandlerError(event, cause)))
      } catch (cause) {
        report(new HandlerError(event, cause))
      }
      return undefined
    },
  }
  signal?.addEventListener('abort', close)
  return subscriber
}
