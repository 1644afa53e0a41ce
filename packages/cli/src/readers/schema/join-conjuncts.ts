import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { annotations } from './keywords.ts'

type Draft = Record<string, unknown>

/**
 * Puts what must hold besides into a schema. A member of `allOf` that only describes gives its words to the whole, and a
 * lone one that is left becomes the schema itself: `allOf` is how descriptions were put beside a `$ref`.
 */
export function joinConjuncts(out: Draft, also: readonly JsonSchema[]): Draft {
  const words: Draft = {}
  const kept: JsonSchema[] = []
  for (const schema of also) {
    if (typeof schema === 'boolean' || !isDescription(schema)) {
      if (schema !== true) kept.push(schema)
      continue
    }
    for (const [name, value] of Object.entries(schema)) words[name] ??= value
  }
  const joined = { ...words, ...out }
  if (kept.length === 0) return joined
  const [only] = kept
  // The same object, because what is still to be done to it (a discriminator, an example) is bound to it.
  if (kept.length === 1 && typeof only === 'object' && isDescription(joined))
    return Object.assign(only, joined)
  return { ...joined, allOf: kept }
}

/** Whether a schema constrains nothing. */
export function isDescription(schema: Draft | JsonSchemaObject): boolean {
  return Object.keys(schema).every((name) => annotations.has(name))
}
