import type { JsonSchema } from './json-schema.ts'

/**
 * A contract as data: what documents are written from, what they are read into, and what is compared. Its schemas describe
 * the wire, never the types in code.
 */
export interface ContractModel {
  /** Lower-case letters, digits and `-`. */
  readonly name: string
  readonly version: string
  readonly title?: string
  readonly description?: string
  /** In the order of the source. */
  readonly channels: readonly ChannelModel[]
  /** Schemas that have a name, which others refer to as `{ $ref: '#/$defs/Name' }`; the only refs there are. */
  readonly definitions: Readonly<Record<string, JsonSchema>>
}

/** One channel. */
export interface ChannelModel {
  /** Its name in the contract: an identifier. */
  readonly key: string
  /** The path with its params: `orders/{orderId}`. */
  readonly path: string
  readonly description?: string
  readonly deliver: 'every' | 'latest'
  readonly params: readonly ParamModel[]
  readonly events: readonly EventModel[]
  readonly snapshot?: EventModel
}

/** A param of a channel's path. Its schema describes the string in the address. */
export interface ParamModel {
  readonly name: string
  readonly schema: JsonSchema
  readonly description?: string
}

/** An event, or the snapshot of a channel, whose name is then `snapshot`. */
export interface EventModel {
  readonly name: string
  readonly version: number
  /** Older versions that subscribers still understand, from the oldest. */
  readonly upgradesFrom?: readonly number[]
  readonly schema: JsonSchema
  readonly title?: string
  readonly description?: string
  readonly deprecated?: boolean
  readonly examples?: readonly unknown[]
}
