import { MillraceError } from '@millrace/protocol'
import { closedError } from './subscriber.ts'
import type { EventIterator } from './subscription.ts'

/** Settings of `first` and `once`. */
export interface FirstOptions {
  /** Gives up when it is aborted: the promise is rejected with an `AbortError`, whose `cause` is the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Waits for the first event that meets a condition, and closes the subscription:
 * `await first(client.subscribe(order), (event) => event.name === 'shipped')`. What a condition tells of the type holds for the result.
 *
 * @throws MillraceError (rejects) whose `code` is `closed` when the signal is aborted, and `no-event` when the subscription is over
 * @throws ConnectionError (rejects) when the server refuses
 */
export function first<Event, Match extends Event>(
  events: EventIterator<Event>,
  predicate: (event: Event) => event is Match,
  options?: FirstOptions,
): Promise<Match>
export function first<Event>(
  events: EventIterator<Event>,
  predicate?: (event: Event) => unknown,
  options?: FirstOptions,
): Promise<Event>
export async function first<Event>(
  events: EventIterator<Event>,
  predicate: (event: Event) => unknown = () => true,
  { signal }: FirstOptions = {},
): Promise<Event> {
  const close = () => events.close()
  if (signal?.aborted) close()
  signal?.addEventListener('abort', close)
  try {
    // Leaving the loop closes it.
    for await (const event of events) if (predicate(event)) return event
  } finally {
    signal?.removeEventListener('abort', close)
  }
  if (signal?.aborted) throw closedError(events.address, signal.reason)
  throw new MillraceError('NoEventError', 'no-event', `${events.address} was over before such an event came`)
}

/**
 * Waits for the next event, and closes the subscription: `await once(client.subscribe(order, 'shipped'))`.
 *
 * @throws what `first` throws
 */
export function once<Event>(events: EventIterator<Event>, options?: FirstOptions): Promise<Event> {
  return first(events, undefined, options)
}
