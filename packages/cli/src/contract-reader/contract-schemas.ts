import type {
  AnyContract,
  ChannelDefinition,
  EventDefinition,
  Schema,
  StandardSchema,
} from '@millrace/contract'
import { escapeToken } from '../model/subschemas.ts'
import type { SchemaPlace } from './schema-survey.ts'
import type { StandardUse } from './standard-schemas.ts'

/** A schema of a contract and where it stands. */
export interface ContractSchema {
  readonly schema: Schema
  readonly place: SchemaPlace
}

/** Every schema that a contract was written with, in the order of the source. */
export function contractSchemas(contract: AnyContract): {
  readonly found: readonly ContractSchema[]
  /** Those of other libraries than Zod. */
  readonly standard: readonly StandardUse[]
  /** Places that have no schema to read. */
  readonly missing: readonly SchemaPlace[]
} {
  const found: ContractSchema[] = []
  const standard: StandardUse[] = []
  const missing: SchemaPlace[] = []
  const add = (
    zod: unknown,
    other: StandardSchema | undefined,
    pointer: string,
    words: readonly string[],
  ) => {
    const place = { pointer, words, path: '' }
    if (isZod(zod)) found.push({ schema: zod, place })
    else if (other !== undefined) standard.push({ schema: other, place })
    else missing.push(place)
  }
  for (const [key, channel] of Object.entries(contract['~contract'].channels)) {
    const at = `#/channels/${escapeToken(key)}`
    for (const [name, schema] of Object.entries(channel.params ?? {})) {
      if (schema !== undefined) add(schema, undefined, `${at}/params/${name}`, [name])
    }
    for (const [name, schema] of Object.entries(channel.standardParams ?? {})) {
      add(undefined, schema, `${at}/params/${name}`, [name])
    }
    for (const [name, event] of eventsOf(channel)) {
      const place = `${at}/${name === undefined ? 'snapshot' : `events/${escapeToken(name)}`}`
      add(event.schema, event.standardSchema, place, [name ?? `${key} snapshot`])
    }
  }
  return { found, standard, missing }
}

/** The events of a channel by name, and last, without one, its snapshot. */
function eventsOf(channel: ChannelDefinition): readonly (readonly [string | undefined, EventDefinition])[] {
  const events = Object.entries(channel.events)
  return channel.snapshot === undefined ? events : [...events, [undefined, channel.snapshot]]
}

function isZod(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && '_zod' in value
}
