import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import type { Scope } from './scope.ts'

/**
 * What fits a schema, as a union of alternatives of one JSON type each; nothing fits an empty one. Two schemas that are
 * written differently and mean the same mostly have the same shape.
 */
export type Shape = readonly Alternative[]

export type Alternative = LiteralShape | NumberShape | StringShape | ArrayShape | ObjectShape

interface Common {
  /** What else must hold, of which nothing is known but how it is written. */
  readonly conditions: readonly Condition[]
  /** The codec that makes the type in code. */
  readonly codec: string | undefined
  /** The schema it was read from: its annotations count. */
  readonly source: JsonSchemaObject
  /** Name of the definition it was read from. */
  readonly name: string | undefined
  /** JSON Pointer to it within the schema it is an alternative of, with refs followed: `/anyOf/1`. */
  readonly path: string
}

/** A schema that a value must fit besides. */
export interface Condition {
  readonly schema: JsonSchema
  readonly scope: Scope
}

/** One value. `null`, `true` and `false` are always literals. */
export interface LiteralShape extends Common {
  readonly kind: 'literal'
  readonly value: unknown
  /** The value as text, to compare by. */
  readonly text: string
}

export interface NumberShape extends Common {
  readonly kind: 'number'
  readonly integer: boolean
  readonly minimum: Bound
  readonly maximum: Bound
  readonly multiples: readonly number[]
}

/** An end of a range of numbers; infinite where there is none. */
export interface Bound {
  readonly value: number
  readonly exclusive: boolean
}

export interface StringShape extends Common {
  readonly kind: 'string'
  readonly minimum: number
  readonly maximum: number
  readonly patterns: readonly string[]
  readonly formats: readonly string[]
}

export interface ArrayShape extends Common {
  readonly kind: 'array'
  readonly minimum: number
  readonly maximum: number
  readonly unique: boolean
  readonly prefix: readonly JsonSchema[]
  readonly rest: JsonSchema
}

export interface ObjectShape extends Common {
  readonly kind: 'object'
  readonly minimum: number
  readonly maximum: number
  readonly properties: ReadonlyMap<string, JsonSchema>
  readonly required: ReadonlySet<string>
  /** Schemas for the keys that fit a pattern. */
  readonly patterns: readonly PatternProperty[]
  /** What other keys hold. `undefined` where nothing is said, so that they are tolerated and stripped. */
  readonly extra: JsonSchema | undefined
  /** What each key must fit. */
  readonly names: JsonSchema
  /** Whether properties are listed at all. Where they are not, the keys are the data, and none is stripped. */
  readonly listed: boolean
}

export interface PatternProperty {
  readonly pattern: string
  readonly schema: JsonSchema
}

/** The JSON type of an alternative. */
export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'

export function kindOf(alternative: Alternative): Kind {
  if (alternative.kind !== 'literal') return alternative.kind
  const { value } = alternative
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as Kind
}
