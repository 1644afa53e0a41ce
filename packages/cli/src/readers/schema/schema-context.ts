import type { JsonSchema } from '../../model/json-schema.ts'
import type { Problems } from '../problems.ts'
import { describeValue, type JsonRecord } from '../source/json-record.ts'
import { type Place, within } from '../source/place.ts'
import type { Dialect } from './dialect.ts'

/** One schema on its way from a document into the model: each keyword's reader takes its part from it. */
export interface SchemaContext {
  readonly place: Place<JsonRecord>
  readonly source: JsonRecord
  readonly dialect: Dialect
  readonly problems: Problems
  /** What has been read so far. */
  readonly out: Record<string, unknown>
  /** Schemas that must hold besides. */
  readonly also: JsonSchema[]
  /** Reads a schema inside this one. */
  read(place: Place): JsonSchema
}

/** A keyword of the source, with its place; `undefined` where it is not there. */
export function keyword(context: SchemaContext, name: string): Place | undefined {
  return Object.hasOwn(context.source, name) ? within(context.place, name) : undefined
}

/** Tells that a keyword cannot be read as it stands. */
export function dropped(context: SchemaContext, place: Place, expected: string): void {
  const found = describeValue(place.value)
  context.problems.loss(place, `"${place.tokens.at(-1)}" must be ${expected}, not ${found}; it is left out`)
}

/** Tells that a value was read as another. */
export function mended(context: SchemaContext, place: Place, expected: string, taken: unknown): void {
  const found = describeValue(place.value)
  context.problems.warning(
    place,
    `"${place.tokens.at(-1)}" should be ${expected}, not ${found}; it is read as ${describeValue(taken)}`,
  )
}
