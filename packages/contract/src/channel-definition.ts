import type { EventDefinition } from './event.ts'
import type { Schema } from './schema.ts'
import type { StandardSchema } from './standard-schema.ts'

/** How many of a topic's events a subscriber needs: each one, or under pressure only the newest. */
export type Deliver = 'every' | 'latest'

/** What client and server know of a channel at run time. */
export interface ChannelDefinition {
  /** The path with its params: `orders/{orderId}`. */
  readonly path: string
  /** What the channel is for, in words. */
  readonly description?: string | undefined
  /** The schemas of its params, for tools; only those in Zod. */
  readonly params?: Readonly<Record<string, Schema>> | undefined
  /** The schemas of its params that are written with another library, which may have `~standard.jsonSchema`. */
  readonly standardParams?: Readonly<Record<string, StandardSchema>> | undefined
  readonly events: Readonly<Record<string, EventDefinition>>
  readonly snapshot: EventDefinition | undefined
  readonly deliver: Deliver
  /** The address for these params; params that are left out stay open. @throws AddressError */
  encodeAddress(params: Readonly<Record<string, unknown>>): string
  /**
   * The params in an address, without those left open; `undefined` when the address is of another channel.
   * @throws AddressError when it is of this channel and its params are wrong
   */
  decodeAddress(address: string): Readonly<Record<string, unknown>> | undefined
}
