import type { Schema } from './schema.ts'
import { definitionOf, partsOf } from './schema-parts.ts'

const kinds: ReadonlySet<string> = new Set(['any', 'unknown', 'custom'])

/** Whether a schema lets a value pass to the wire that it does not describe, at any place. */
export function takesAnything(schema: Schema, seen = new Set<Schema>()): boolean {
  if (seen.has(schema)) return false
  seen.add(schema)
  return (
    kinds.has(definitionOf(schema).type) ||
    partsOf(schema).some((part) => part.place !== 'code' && takesAnything(part.schema, seen))
  )
}
