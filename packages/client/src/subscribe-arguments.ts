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
export interface SubscribeCall extends Interest {
  readonly handler: Handler | undefined
  readonly options: SubscribeOptions
}

/** Reads the arguments of `subscribe` in each of its forms, from code without types too. @throws TypeError */
export function readSubscribeCall(target: unknown, ...rest: unknown[]): SubscribeCall {
  const topic = typeof target === 'object' ? (target as Topic | undefined) : undefined
  const address = topic ? topic.address : target
  const channel = topic?.channel
  requireArgument(
    typeof address === 'string' && /^[^;]+$/.test(address) && (channel?.events || !topic),
    'subscribe takes a topic, such as shop.orders(), or an address',
  )
  let listed: readonly string[] | undefined
  let handler: Handler | undefined
  const [first] = rest
  if (typeof first === 'string' || Array.isArray(first)) listed = [rest.shift()].flat() as string[]
  if (typeof rest[0] === 'function') {
    handler = rest.shift() as Handler
  } else if (listed === undefined && isHandlerMap(first)) {
    const handlers = rest.shift() as Readonly<Record<string, Handler | undefined>>
    listed = Object.keys(handlers)
    // No other names are delivered.
    handler = (event) => handlers[event.name]?.(event)
  }
  const options = (rest[0] ?? {}) as SubscribeOptions & { from?: string }
  const { from = 'now', signal, invalid } = options
  for (const name of listed ?? []) {
    const known = name === resetName || name === snapshotName || !channel || channel.events[name]
    requireArgument(known && /^[\w.-]+$/.test(name), `"${address}" has no event "${name}"`)
  }
  const start = from === 'now' || from === 'earliest' ? from : parseCursor(`${from}`)
  requireArgument(start, 'from must be "now", "earliest" or the id of an event')
  return {
    address,
    topic,
    names: listed && new Set(listed),
    // Of a channel that has no state here, a newer server may send one.
    takesStates:
      (listed?.includes(snapshotName) ?? (!channel || !!channel.snapshot)) && !address.includes('*'),
    place: start,
    signal,
    endsOnInvalid: invalid === 'end',
    handler,
    options,
  }
}

// Options are none of handlers, unless a channel has events of those names; then they are functions.
function isHandlerMap(value: unknown): boolean {
  return Object.entries(value ?? {}).some(
    ([name, handler]) => typeof handler === 'function' || !/^(from|signal|invalid|durable|ack)$/.test(name),
  )
}
