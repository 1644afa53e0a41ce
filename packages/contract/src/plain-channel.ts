import type { Channel } from './channel.ts'
import type { ChannelDefinition, Deliver } from './channel-definition.ts'
import { AddressError, DataError } from './errors.ts'
import type { EventDefinition, EventTypes, StateTypes } from './event.ts'
import { parsePathTemplate } from './path-template.ts'
import type { Direction, PlainCodec } from './plain-codec.ts'
import { definePlainEvent, type PlainEvent } from './plain-event.ts'
import { topicAt } from './topic.ts'

/** What a channel without schemas is made of. */
export interface PlainChannelOptions<Events extends EventTypes = EventTypes> {
  /** Codecs of the params that are no strings in code. */
  readonly params?: Readonly<Record<string, PlainCodec>>
  readonly events: { readonly [Name in keyof Events]: PlainEvent }
  readonly snapshot?: PlainEvent
  /** @default 'every' */
  readonly deliver?: Deliver
}

/**
 * A channel whose types are given (those of its snapshot last, where it has one), not inferred, and whose data is not checked: `millrace generate --to typescript` writes
 * these, from a contract that was checked when it was defined. Addresses and topics are the same.
 */
export function channel<Params, Events extends EventTypes, State extends StateTypes = never>(
  path: string,
  options: PlainChannelOptions<Events> &
    ([State] extends [never] ? { readonly snapshot?: never } : { readonly snapshot: PlainEvent }),
): Channel<Params, Events, State> {
  const definition = definePlainChannel(path, options)
  const address = (params?: Readonly<Record<string, unknown>>) => topicAt(definition, params)
  // The call signature depends on the params; at run time one function serves all of its forms.
  return Object.assign(address, { '~channel': definition }) as unknown as Channel<Params, Events, State>
}

function definePlainChannel(
  path: string,
  { params: codecs = {}, events: plain, snapshot, deliver = 'every' }: PlainChannelOptions,
): ChannelDefinition {
  const template = parsePathTemplate(path)
  const convert = (name: string, value: unknown, direction: Direction) => {
    if (!template.params.includes(name)) throw new AddressError(`"${path}" has no param "${name}"`)
    try {
      return Object.hasOwn(codecs, name) ? codecs[name]?.(value, direction, []) : value
    } catch (error) {
      throw new AddressError(`param "${name}" of "${path}"`, error instanceof DataError ? error.issues : [])
    }
  }
  const events: Record<string, EventDefinition> = Object.create(null)
  for (const [name, event] of Object.entries(plain)) {
    events[name] = definePlainEvent(`event "${name}" of "${path}"`, event)
  }

  return {
    path,
    events,
    snapshot: snapshot && definePlainEvent(`snapshot of "${path}"`, snapshot),
    deliver,
    encodeAddress(params) {
      const strings = Object.entries(params).map(([name, value]) => [
        name,
        String(convert(name, value, 'encode')),
      ])
      return template.fill(Object.fromEntries(strings))
    },
    decodeAddress(address) {
      const strings = template.match(address)
      if (strings === undefined) return undefined
      return Object.fromEntries(
        Object.entries(strings).map(([name, text]) => [name, convert(name, text, 'decode')]),
      )
    },
  }
}
