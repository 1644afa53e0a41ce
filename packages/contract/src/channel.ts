import type * as z from 'zod/v4/core'
import type { ChannelDefinition, Deliver } from './channel-definition.ts'
import { ContractError } from './errors.ts'
import {
  defineEvent,
  type EventDefinition,
  type EventSpec,
  type EventTypes,
  type EventTypesOf,
} from './event.ts'
import { createParamCodec } from './param-codec.ts'
import { parsePathTemplate } from './path-template.ts'
import type { Schema } from './schema.ts'
import { type Carried, type Topic, type TopicPattern, topicAt } from './topic.ts'
import type { Simplify } from './types.ts'

/** A family of topics with the same events. Calling it with params gives one topic, without them the pattern of all. */
export interface Channel<Params = unknown, Events extends EventTypes = EventTypes>
  extends Carried<Params, Events> {
  readonly '~channel': ChannelDefinition
  /**
   * The topic with these params.
   * @throws AddressError when a param does not fit its schema
   */
  (...params: keyof Params extends never ? [] : [params: Params]): Topic<Params, Events>
  /** Every topic of this channel, to subscribe to. */
  (...none: keyof Params extends never ? [never] : []): TopicPattern<Params, Events>
}

/** The names between braces in a path. */
export type ParamName<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamName<Rest>
  : never

/** A schema for each param, reading a string; a param without one is any string. */
export type ParamSchemas<Path extends string> = {
  readonly [Name in ParamName<Path>]?: Schema<unknown, string>
}

/** The params in code. */
export type ParamsOf<Path extends string, Schemas> = Simplify<{
  readonly [Name in ParamName<Path>]: Name extends keyof Schemas
    ? Schemas[Name] extends infer S extends Schema
      ? z.output<S>
      : string
    : string
}>

/** What a channel is made of. */
export interface ChannelOptions<Path extends string, Params, Events> {
  /** What the channel is for, in words: for its documentation. */
  readonly description?: string
  /** A schema for each `{param}` of the path, from a string. A param without a schema is any string. */
  readonly params?: Params & { readonly [Name in Exclude<keyof Params, ParamName<Path>>]: never }
  /** A schema, or `event(schema, …)`, for each event name. */
  readonly events: Events
  /** Schema of a topic's state at a position, sent before the events that change it. */
  readonly snapshot?: Schema
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
  const Events extends Readonly<Record<string, Schema | EventSpec>>,
  const Params extends ParamSchemas<Path> = Record<never, never>,
>(
  path: Path,
  options: ChannelOptions<Path, Params, Events>,
): Channel<ParamsOf<Path, Params>, Simplify<EventTypesOf<Events>>> {
  const definition = defineChannel(
    path,
    options as ChannelOptions<string, Record<string, Schema>, Record<string, Schema | EventSpec>>,
  )
  const address = (params?: Readonly<Record<string, unknown>>) => topicAt(definition, params)
  // The call signature is computed from the path; at run time one function serves all of its forms.
  return Object.assign(address, { '~channel': definition }) as unknown as Channel<
    ParamsOf<Path, Params>,
    Simplify<EventTypesOf<Events>>
  >
}

// `millrace.` is the wire's own, and clients deliver an event of one of the other names as their own life-cycle event.
const reservedEvent = /^(millrace\..*|error|open|message)$/
const eventName = /^[A-Za-z_][A-Za-z0-9_.-]*$/

function defineChannel(
  path: string,
  options: ChannelOptions<string, Record<string, Schema>, Record<string, Schema | EventSpec>>,
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
    params: options.params,
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
