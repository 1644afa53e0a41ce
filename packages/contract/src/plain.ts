// Contracts without Zod, for the smallest clients. Nothing here, nor what it stands on, imports Zod at run time.
export type { Channel } from './channel.ts'
export type { ChannelDefinition, Deliver } from './channel-definition.ts'
export { type Contract, type ContractDefinition, defineContract } from './contract.ts'
export { AddressError, ContractError, DataError, type DataFault, type Issue } from './errors.ts'
export { channel, type PlainChannelOptions } from './plain-channel.ts'
export {
  bigint,
  boolean,
  bytes,
  type Direction,
  date,
  either,
  fields,
  lazy,
  list,
  nullable,
  number,
  type PlainCodec,
  tagged,
  url,
} from './plain-codec.ts'
export { map, set } from './plain-collection-codecs.ts'
export type { PlainEvent } from './plain-event.ts'
export { resolveAddress } from './resolve.ts'
export type { DataOf, EventNameOf, EventOf, StateOf } from './stream-event.ts'
