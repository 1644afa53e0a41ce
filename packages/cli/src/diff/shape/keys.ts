import type { JsonSchema } from '../../model/json-schema.ts'
import { bothOf } from './both.ts'
import type { ObjectShape } from './shape.ts'
import { matches } from './text-pattern.ts'

/** Everything that the value under a key of an object must fit, when there is one. */
export function schemasForKey(object: ObjectShape, key: string): readonly JsonSchema[] {
  const own = object.properties.get(key)
  const found = own === undefined ? [] : [own]
  for (const { pattern, schema } of object.patterns) if (matches(pattern, key) !== false) found.push(schema)
  return found.length > 0 ? found : [object.extra ?? true]
}

/** The same as one schema. */
export function schemaForKey(object: ObjectShape, key: string): JsonSchema {
  return bothOf(...schemasForKey(object, key))
}

/** The keys that an object names. */
export function namedKeys(object: ObjectShape): ReadonlySet<string> {
  return new Set([...object.properties.keys(), ...object.required])
}

/** What a writer puts under keys that are not named; `undefined` where it strips them. A reader takes anything there. */
export function writtenExtra(object: ObjectShape): JsonSchema | undefined {
  if (object.extra !== undefined) return object.extra === false ? undefined : object.extra
  return object.listed && object.patterns.length === 0 ? undefined : true
}
