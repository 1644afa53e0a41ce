import type * as z from 'zod/v4/core'
import { ContractError, DataError } from './errors.ts'
import type { JsonObject } from './json.ts'
import { refuseOneWay } from './one-way.ts'
import { decodeWith, encodeWith, isSchema, type Schema } from './schema.ts'

/** What the data of an older version becomes in the next one. What it returns is checked by the schema. */
export type Upgrade = (old: JsonObject) => unknown

/** How an event changed over time. */
export interface EventOptions {
  /** Version of the schema, a whole number from 1. @default 1 */
  readonly version?: number
  /**
   * For each older version that is still understood, the step to the next one. Steps must follow each other up to
   * the current version; the oldest versions may be left out once no record of them is held anywhere.
   */
  readonly upgrade?: Readonly<Record<number, Upgrade>>
}

/** A schema with its version, as `event()` makes it. */
export interface EventSpec<S extends Schema = Schema> extends EventOptions {
  readonly schema: S
}

/** An event that has a version. A plain schema is version 1. */
export function event<S extends Schema>(schema: S, options: EventOptions = {}): EventSpec<S> {
  return { schema, ...options }
}

/** What client and server do with an event's data. */
export interface EventDefinition {
  readonly version: number
  /** For tools that document or compare contracts; a contract without Zod has none. */
  readonly schema?: Schema
  /** Older versions that `decode` understands, from the oldest; none when absent. */
  readonly upgradesFrom?: readonly number[]
  /** From the type in code to JSON. @throws DataError */
  encode(data: unknown): unknown
  /** From JSON, as this version of the event wrote it, to the type in code. @throws DataError */
  decode(data: unknown, version: number): unknown
}

/** The types of a channel's events: in code, and in JSON. */
export interface EventTypes {
  readonly [name: string]: { readonly data: unknown; readonly wire: unknown }
}

export type SchemaOf<E> = E extends EventSpec<infer S> ? S : E

/** The types that a channel's schemas give. */
export type EventTypesOf<Events> = {
  readonly [Name in keyof Events]: SchemaOf<Events[Name]> extends infer S extends Schema
    ? { readonly data: z.output<S>; readonly wire: z.input<S> }
    : never
}

export function defineEvent(subject: string, spec: Schema | EventSpec): EventDefinition {
  const { schema, version = 1, upgrade = {} } = isSchema(spec) ? { schema: spec } : { ...spec }
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new ContractError(`${subject}: version ${version} is not a whole number from 1`)
  }
  refuseOneWay(subject, schema)
  const steps = upgradeSteps(subject, version, upgrade)

  return {
    version,
    schema,
    upgradesFrom: steps.map((_, index) => version - steps.length + index),
    encode: (data) => encodeWith(schema, data, subject),
    decode: (data, from) => decodeWith(schema, from === version ? data : upgraded(data, from), subject),
  }

  function upgraded(data: unknown, from: number): unknown {
    if (from > version) {
      throw new DataError(`${subject}: version ${from} is newer than the known ${version}`, 'newer-version')
    }
    const start = from - (version - steps.length)
    if (!Number.isSafeInteger(start) || start < 0)
      throw new DataError(`${subject}: there is no upgrade from version ${from}`, 'no-upgrade')
    let current = data
    for (const step of steps.slice(start)) {
      try {
        // The step gets whatever an older publisher sent; the schema judges what it makes of it.
        current = step(current as JsonObject)
      } catch (cause) {
        throw new DataError(
          `${subject}: the upgrade from version ${from} threw ${String(cause)}`,
          'invalid',
          [],
          { cause },
        )
      }
    }
    return current
  }
}

function upgradeSteps(
  subject: string,
  version: number,
  upgrade: Readonly<Record<number, Upgrade>>,
): readonly Upgrade[] {
  const versions = Object.keys(upgrade)
    .map(Number)
    .sort((a, b) => a - b)
  const first = version - versions.length
  const gap = versions.findIndex((from, index) => from !== first + index || from < 1 || !upgrade[from])
  if (gap !== -1) {
    throw new ContractError(
      `${subject}: upgrades must lead step by step to version ${version}; there are steps from ${versions.join(', ')}`,
    )
  }
  return versions.map((from) => upgrade[from] as Upgrade)
}
