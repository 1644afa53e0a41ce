export {
  type Channel,
  type ChannelOptions,
  channel,
  type ParamName,
  type ParamSchemas,
  type ParamsOf,
} from './channel.ts'
export type { ChannelDefinition, Deliver } from './channel-definition.ts'
export { mapEntries, setItems } from './collection-codecs.ts'
export {
  type AnyChannel,
  type AnyContract,
  type Contract,
  type ContractDefinition,
  defineContract,
} from './contract.ts'
export { AddressError, ContractError, DataError, type DataFault, type Issue } from './errors.ts'
export {
  type EventDefinition,
  type EventOptions,
  type EventSpec,
  type EventTypes,
  type EventTypesOf,
  event,
  type StateTypes,
  type Upgrade,
} from './event.ts'
export type { JsonObject, JsonValue } from './json.ts'
export { resolveAddress } from './resolve.ts'
export type { AnySchema, Schema } from './schema.ts'
export { decodeSegment, encodeSegment } from './segment.ts'
export type { StandardSchema } from './standard-schema.ts'
export type {
  DataOf,
  EventNameOf,
  EventOf,
  EventsIn,
  StateOf,
  StreamEvent,
  Undecoded,
  WireStateOf,
} from './stream-event.ts'
export { base64Bytes, bigintText, isoDate, urlText } from './text-codecs.ts'
export type { Carried, Topic, TopicPattern } from './topic.ts'
