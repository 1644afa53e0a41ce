import type { JsonSchema } from '../../model/json-schema.ts'
import { isNothing } from './keywords.ts'
import { stableText } from './stable-text.ts'

/** A schema that what fits each of these fits, written the same whatever their order and number. */
export function bothOf(...schemas: readonly JsonSchema[]): JsonSchema {
  const members = new Map<string, JsonSchema>()
  for (const schema of schemas.flatMap(membersOf)) members.set(stableText(schema), schema)
  if ([...members.values()].some(isNothing)) return false
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, schema]) => schema)
  return sorted.length > 1 ? { allOf: sorted } : (sorted[0] ?? true)
}

function membersOf(schema: JsonSchema): readonly JsonSchema[] {
  if (schema === true) return []
  if (schema === false || schema.allOf === undefined || Object.keys(schema).length > 1) return [schema]
  return schema.allOf.flatMap(membersOf)
}
