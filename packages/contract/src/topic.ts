import type { ChannelDefinition } from './channel-definition.ts'
import type { EventTypes } from './event.ts'

/** Types that travel with an address and have no value at run time. */
export interface Carried<Params, Events extends EventTypes, State = unknown> {
  readonly '~types'?:
    | {
        readonly params: Params
        readonly events: Events
        /** {@link StateTypes}, `never` of a channel without a snapshot, `unknown` where nothing is known of it. */
        readonly snapshot: State
      }
    | undefined
}

/** One address to publish to and to subscribe from. */
export interface Topic<Params = unknown, Events extends EventTypes = EventTypes, State = unknown>
  extends Carried<Params, Events, State> {
  /** No param is left open. The first member, so that who publishes to a pattern is told which param is missing. */
  readonly open: readonly never[]
  readonly kind: 'topic'
  /** As it travels: `orders/42`. */
  readonly address: string
  readonly params: Params
  readonly channel: ChannelDefinition
}

/** Every topic of a channel that has some params: an address that leaves the others open (`orders/*`). To subscribe to only. */
export interface TopicPattern<
  Params = unknown,
  Events extends EventTypes = EventTypes,
  Open extends PropertyKey = PropertyKey,
  State = unknown,
> extends Carried<Params, Events, State> {
  /** The names of the params that are left open, in the order of the path; at least one. */
  readonly open: readonly Open[]
  readonly kind: 'pattern'
  /** As it travels, with `*` for each param that is left open. */
  readonly address: string
  /** Those that are not. */
  readonly params: { readonly [Name in Exclude<keyof Params, Open>]: Params[Name] }
  readonly channel: ChannelDefinition
}

/** The topic with these params, or the pattern when some are left open. @throws AddressError */
export function topicAt(
  channel: ChannelDefinition,
  params: Readonly<Record<string, unknown>> = {},
): Topic | TopicPattern {
  const address = channel.encodeAddress(params)
  // A path is as an address, with each param in braces in the place of its value.
  const names = channel.path.split('/').map((segment) => segment.slice(1, -1))
  const open = address
    .split('/')
    .flatMap((segment, index) => (segment === '*' ? [names[index] as string] : []))
  return open.length > 0
    ? { open, kind: 'pattern', address, params, channel }
    : { open: [], kind: 'topic', address, params, channel }
}
