import { ignore, isAsyncFunction, isPromise } from './asynchronous.ts'
import { ContractError, DataError } from './errors.ts'
import type { JsonObject } from './json.ts'
import { type AnySchema, type InputOf, isSchema, type OutputOf, type Schema } from './schema.ts'
import { createSchemaCodec } from './schema-codec.ts'
import { isStandardSchema, type StandardSchema } from './standard-schema.ts'

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
export interface EventSpec<S extends AnySchema = AnySchema> extends EventOptions {
  readonly schema: S
}

/** An event that has a version. A plain schema is version 1. */
export function event<S extends AnySchema>(schema: S, options: EventOptions = {}): EventSpec<S> {
  return { schema, ...options }
}

/** What client and server do with an event's data. */
export interface EventDefinition {
  readonly version: number
  /** For tools that document or compare contracts; only an event in Zod has one. */
  readonly schema?: Schema
  /** The schema of an event that is written with another library, which may have `~standard.jsonSchema`. */
  readonly standardSchema?: StandardSchema
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
  readonly [Name in keyof Events]: SchemaOf<Events[Name]> extends infer S extends AnySchema
    ? { readonly data: OutputOf<S>; readonly wire: InputOf<S> }
    : never
}

/** The types of a channel's snapshot: in code, and in JSON. */
export interface StateTypes {
  readonly data: unknown
  readonly wire: unknown
}

/** The types that a snapshot's schema gives; `never` without one. */
export type StateTypesOf<S extends AnySchema> = [S] extends [never]
  ? never
  : { readonly data: OutputOf<S>; readonly wire: InputOf<S> }

/** @throws ContractError when the schema cannot go to JSON and back, or the versions do not hold */
export function defineEvent(subject: string, spec: AnySchema | EventSpec): EventDefinition {
  const { schema, version = 1, upgrade = {} } = readSpec(spec)
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new ContractError(`${subject}: version ${version} is not a whole number from 1`)
  }
  const codec = createSchemaCodec(subject, schema)
  const steps = upgradeSteps(subject, version, upgrade)

  return {
    version,
    ...(isStandardSchema(schema) ? { standardSchema: schema } : { schema: schema as Schema }),
    upgradesFrom: steps.map((_, index) => version - steps.length + index),
    encode: (data) => codec.encode(data),
    decode: (data, from) => codec.decode(from === version ? data : upgraded(data, from)),
  }

  function upgraded(data: unknown, from: number): unknown {
    if (from > version) {
      throw new DataError(`${subject}: version ${from} is newer than the known ${version}`, 'newer-version')
    }
    const start = from - (version - steps.length)
    if (!Number.isSafeInteger(start) || start < 0)
      throw new DataError(`${subject}: there is no upgrade from version ${from}`, 'no-upgrade')
    // Each step gets whatever an older publisher sent; the schema judges what the last one makes of it.
    return steps
      .slice(start)
      .reduce((current, step, index) => take(step, current as JsonObject, from + index), data)
  }

  function take(step: Upgrade, old: JsonObject, from: number): unknown {
    let next: unknown
    try {
      next = step(old)
    } catch (cause) {
      const problem = `the upgrade from version ${from} threw ${String(cause)}`
      throw new DataError(`${subject}: ${problem}`, 'invalid', [], { cause })
    }
    if (!isPromise(next)) return next
    ignore(next)
    throw new DataError(
      `${subject}: the upgrade from version ${from} is asynchronous, and data is upgraded at once`,
      'invalid',
    )
  }
}

function readSpec(spec: AnySchema | EventSpec): EventSpec {
  // A schema may be a function, or have a member called `schema`. Nothing at all is told when the schema is looked at.
  return isSchema(spec) || isStandardSchema(spec) ? { schema: spec } : { ...spec }
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
  const gap = versions.findIndex((from, index) => from !== first + index || from < 1 || !(from in upgrade))
  if (gap !== -1) {
    throw new ContractError(
      `${subject}: upgrades must lead step by step to version ${version}; there are steps from ${versions.join(', ')}`,
    )
  }
  return versions.map((from) => {
    const step = upgrade[from]
    if (typeof step !== 'function') {
      throw new ContractError(`${subject}: the upgrade from version ${from} is no function`)
    }
    if (isAsyncFunction(step)) {
      throw new ContractError(
        `${subject}: the upgrade from version ${from} is asynchronous, and data is upgraded at once`,
      )
    }
    return step
  })
}
