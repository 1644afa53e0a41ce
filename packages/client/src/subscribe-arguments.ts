import type { Topic } from '@millrace/contract'
import { parseCursor } from '@millrace/protocol'
import type { SubscribeOptions } from './event-client.ts'
import type { Delivered } from './handler-error.ts'
import { requireArgument } from './require-argument.ts'
import { resetName } from './reset.ts'
import { snapshotName } from './snapshot.ts'
import type { Interest } from './subscriber.ts'

type Handler = (event: Delivered) => unknown

/** What a call of `subscribe` asks for. Without a handler it wants an iterator. */
export interface SubscribeCall extends Interest, Omit<SubscribeOptions, 'from'> {
  readonly handler: Handler | undefined
}

/** Reads the arguments of `subscribe` in each of its forms, from code without types too. @throws TypeError */
export function readSubscribeCall(target: unknown, ...rest: unknown[]): SubscribeCall {
  // A text has neither.
  const { channel, address = target as string } = (target ?? {}) as Partial<Topic>
  requireArgument(
    /^[^;]+$/.test(address) && (channel?.events || typeof target === 'string'),
    'subscribe takes a topic or an address',
  )
  let listed: readonly string[] | undefined
  const [first] = rest
  if (typeof first === 'string' || Array.isArray(first)) {
    listed = [rest.shift()].flat() as string[]
  } else if (isHandlerMap(first)) {
    listed = Object.keys(first)
    // No other names are delivered.
    rest[0] = ((event) => first[event.name]?.(event)) satisfies Handler
  }
  const handler = typeof rest[0] === 'function' ? (rest.shift() as Handler) : undefined
  const { from = 'now', ...options } = (rest[0] ?? {}) as SubscribeOptions & { from?: string }
  for (const name of listed ?? []) {
    const known = !channel || channel.events[name] || name === resetName || name === snapshotName
    requireArgument(known && /^[\w.-]+$/.test(name), `"${address}" has no event "${name}"`)
  }
  const place = from === 'now' || from === 'earliest' ? from : parseCursor(`${from}`)
  requireArgument(place, 'from must be "now", "earliest" or the id of an event')
  return {
    ...options,
    address,
    topic: channel && (target as Topic),
    names: listed && new Set(listed),
    // Of a channel that has no state here, a newer server may send one.
    takesStates:
      (listed?.includes(snapshotName) ?? (!channel || !!channel.snapshot)) && !address.includes('*'),
    place,
    handler,
  }
}

// Options are none of handlers, unless a channel has events of those names; then they are functions.
function isHandlerMap(value: unknown): value is Readonly<Record<string, Handler | undefined>> {
  return Object.entries(value ?? {}).some(
    ([name, handler]) => typeof handler === 'function' || !/^(from|signal|invalid|durable|ack)$/.test(name),
  )
}
