import type { ChannelDefinition } from './channel-definition.ts'
import type { EventTypes } from './event.ts'

/** Types that travel with an address and have no value at run time. */
export interface Carried<Params, Events extends EventTypes> {
  readonly '~types'?: { readonly params: Params; readonly events: Events }
}

/** One address to publish to and to subscribe from. */
export interface Topic<Params = unknown, Events extends EventTypes = EventTypes>
  extends Carried<Params, Events> {
  readonly kind: 'topic'
  /** As it travels: `orders/42`. */
  readonly address: string
  readonly params: Params
  readonly channel: ChannelDefinition
}

/** Every topic of a channel: an address whose params are left open (`orders/*`). It can be subscribed to only. */
export interface TopicPattern<Params = unknown, Events extends EventTypes = EventTypes>
  extends Carried<Params, Events> {
  readonly kind: 'pattern'
  readonly address: string
  readonly channel: ChannelDefinition
}

/** The topic with these params, or the pattern when some are left open. @throws AddressError */
export function topicAt(
  channel: ChannelDefinition,
  params: Readonly<Record<string, unknown>> = {},
): Topic | TopicPattern {
  const address = channel.encodeAddress(params)
  return address.split('/').includes('*')
    ? { kind: 'pattern', address, channel }
    : { kind: 'topic', address, params, channel }
}
