import type { ChannelDefinition, Deliver } from './channel-definition.ts'
import { ContractError } from './errors.ts'
import {
  defineEvent,
  type EventDefinition,
  type EventSpec,
  type EventTypes,
  type EventTypesOf,
  type StateTypesOf,
} from './event.ts'
import { createParamCodec } from './param-codec.ts'
import { parsePathTemplate } from './path-template.ts'
import type { Refusal, Refusals } from './refusal.ts'
import { type AnySchema, isSchema, type OutputOf, type Schema } from './schema.ts'
import { isStandardSchema, type StandardSchema } from './standard-schema.ts'
import { type Carried, type Topic, type TopicPattern, topicAt } from './topic.ts'
import type { Simplify } from './types.ts'

/**
 * A family of topics with the same events. Calling it with all params gives one topic; with some of them, or none, the pattern of
 * every topic that has those.
 */
export interface Channel<Params = unknown, Events extends EventTypes = EventTypes, State = unknown>
  extends Carried<Params, Events, State> {
  readonly '~channel': ChannelDefinition
  /** Every topic of this channel, to subscribe to; or, of a channel without params, its one topic. */
  (): TopicOf<Params, Events, never, State>
  /**
   * The topic with these params; where some are left out, the pattern of every topic that has these.
   * @throws AddressError when a param does not fit its schema
   */
  <Name extends keyof Params>(
    ...params: keyof Params extends never ? [] : [params: { readonly [Key in Name]: Params[Key] }]
  ): TopicOf<Params, Events, Name, State>
}

/** What a channel gives when the params with these names are given. */
export type TopicOf<Params, Events extends EventTypes, Given extends keyof Params, State = unknown> = [
  keyof Params,
] extends [Given]
  ? Topic<Params, Events, State>
  :
      | TopicPattern<Params, Events, Exclude<keyof Params, Given>, State>
      // The path is not known to the types, so neither is what it leaves open.
      | (string extends keyof Params ? Topic<Params, Events, State> : never)

/** The names between braces in a path; any, of a path that the types do not know. */
export type ParamName<Path extends string> = string extends Path
  ? string
  : Path extends `${string}{${infer Name}}${infer Rest}`
    ? Name | ParamName<Rest>
    : never

/** A schema for each param, reading a string; a param without one is any string. */
export type ParamSchemas<Path extends string> = {
  readonly [Name in ParamName<Path>]?: Schema<unknown, string> | StandardSchema<string>
}

/** The params in code. */
export type ParamsOf<Path extends string, Schemas> = Simplify<{
  readonly [Name in ParamName<Path>]: Name extends keyof Schemas
    ? Schemas[Name] extends infer S extends AnySchema
      ? OutputOf<S>
      : string
    : string
}>

/** What a channel is made of. */
export interface ChannelOptions<Path extends string, Params, Events, Snapshot = AnySchema> {
  /** What the channel is for, in words: for its documentation. */
  readonly description?: string
  /** A schema for each `{param}` of the path, from a string. A param without a schema is any string. */
  readonly params?: Params &
    Refusals<Params> & { readonly [Name in Exclude<keyof Params & string, ParamName<Path>>]: never }
  /** A schema, or `event(schema, …)`, for each event name. */
  readonly events: Events & Refusals<Events>
  /** Schema of a topic's state at a position, sent before the events that change it. */
  readonly snapshot?: Snapshot & Refusal<Snapshot>
  /** Whether a subscriber needs each event, or under pressure only the newest of a topic. @default 'every' */
  readonly deliver?: Deliver
}

/**
 * Defines a family of topics: `channel('orders/{orderId}', { params, events })`.
 *
 * @throws ContractError when the path, a name or a schema cannot hold; a schema must go to JSON and back
 */
export function channel<
  const Path extends string,
  const Events extends Readonly<Record<string, AnySchema | EventSpec>>,
  const Params extends ParamSchemas<Path> = Record<never, never>,
  const Snapshot extends AnySchema = never,
>(
  path: Path,
  options: ChannelOptions<Path, Params, Events, Snapshot>,
): Channel<ParamsOf<Path, Params>, Simplify<EventTypesOf<Events>>, StateTypesOf<Snapshot>> {
  const definition = defineChannel(
    path,
    options as ChannelOptions<string, Record<string, AnySchema>, Record<string, AnySchema | EventSpec>>,
  )
  const address = (params?: Readonly<Record<string, unknown>>) => topicAt(definition, params)
  // The call signature is computed from the path; at run time one function serves all of its forms.
  return Object.assign(address, { '~channel': definition }) as unknown as Channel<
    ParamsOf<Path, Params>,
    Simplify<EventTypesOf<Events>>,
    StateTypesOf<Snapshot>
  >
}

// `millrace.` is the wire's own, and clients deliver an event of one of the other names as their own life-cycle event.
const reservedEvent = /^(millrace\..*|error|open|message)$/
const eventName = /^[A-Za-z_][A-Za-z0-9_.-]*$/

function defineChannel(
  path: string,
  options: ChannelOptions<string, Record<string, AnySchema>, Record<string, AnySchema | EventSpec>>,
): ChannelDefinition {
  const template = parsePathTemplate(path)
  const unknown = Object.keys(options.params ?? {}).find((name) => !template.params.includes(name))
  if (unknown !== undefined) throw new ContractError(`channel "${path}" has no "{${unknown}}" in its path`)
  const codec = createParamCodec(path, template.params, options.params ?? {})

  const events: Record<string, EventDefinition> = Object.create(null)
  for (const [name, spec] of Object.entries(options.events)) {
    if (!eventName.test(name)) {
      throw new ContractError(
        `channel "${path}": event name "${name}" must be letters, digits, ".", "_", "-"`,
      )
    }
    if (reservedEvent.test(name))
      throw new ContractError(`channel "${path}": event name "${name}" is reserved`)
    events[name] = defineEvent(`event "${name}" of "${path}"`, spec)
  }

  return {
    path,
    description: options.description,
    ...paramSchemas(options.params),
    events,
    snapshot: options.snapshot && defineEvent(`snapshot of "${path}"`, options.snapshot),
    deliver: options.deliver ?? 'every',
    encodeAddress: (params) => template.fill(codec.encode(params)),
    decodeAddress(address) {
      const strings = template.match(address)
      return strings && codec.decode(strings)
    },
  }
}

/** The schemas of params as tools read them: those in Zod, and the others. */
function paramSchemas(
  schemas: Readonly<Record<string, AnySchema>> = {},
): Pick<ChannelDefinition, 'params' | 'standardParams'> {
  const entries = Object.entries(schemas)
  return {
    params: Object.fromEntries(entries.filter((entry): entry is [string, Schema] => isSchema(entry[1]))),
    standardParams: Object.fromEntries(
      entries.filter((entry): entry is [string, StandardSchema] => isStandardSchema(entry[1])),
    ),
  }
}
