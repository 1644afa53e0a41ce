import type { JsonSchema } from '../../model/json-schema.ts'
import { bothOf } from './both.ts'
import { schemaOfShape } from './schema-of-shape.ts'
import type { Scope } from './scope.ts'
import type { ObjectShape, PatternProperty } from './shape.ts'
import { matches } from './text-pattern.ts'

/** The objects that fit both. */
export function intersectObjects(a: ObjectShape, b: ObjectShape, scope: Scope): ObjectShape {
  if (areMixed(a, b) || areMixed(b, a)) return unmerged(a, b, scope)
  const keys = new Set([...a.properties.keys(), ...b.properties.keys()])
  return {
    ...b,
    minimum: Math.max(a.minimum, b.minimum),
    maximum: Math.min(a.maximum, b.maximum),
    properties: new Map([...keys].map((key) => [key, bothOf(ownOf(a, key), ownOf(b, key))])),
    required: new Set([...a.required, ...b.required]),
    patterns: mergePatterns(a, b),
    extra: a.extra === undefined ? b.extra : b.extra === undefined ? a.extra : bothOf(a.extra, b.extra),
    names: bothOf(a.names, b.names),
    listed: a.listed || b.listed,
  }
}

// `extra` of the one speaks of every key that it does not list itself, also where the other lists it.
function ownOf(object: ObjectShape, key: string): JsonSchema {
  const own = object.properties.get(key)
  if (own !== undefined) return own
  return object.patterns.some(({ pattern }) => matches(pattern, key) !== false)
    ? true
    : (object.extra ?? true)
}

function mergePatterns(a: ObjectShape, b: ObjectShape): readonly PatternProperty[] {
  const merged = new Map<string, JsonSchema>()
  for (const { pattern, schema } of [...a.patterns, ...b.patterns]) {
    merged.set(pattern, bothOf(merged.get(pattern) ?? true, schema))
  }
  return [...merged].map(([pattern, schema]) => ({ pattern, schema }))
}

// One object cannot say that keys of a pattern of the one are also what the other's `extra` speaks of.
function areMixed(a: ObjectShape, b: ObjectShape): boolean {
  return (
    a.extra !== undefined &&
    b.patterns.some(({ pattern }) => !a.patterns.some((own) => own.pattern === pattern))
  )
}

// Any keys and any values, under both as conditions.
function unmerged(a: ObjectShape, b: ObjectShape, scope: Scope): ObjectShape {
  return {
    ...b,
    properties: new Map(),
    patterns: [],
    extra: undefined,
    names: true,
    listed: false,
    required: new Set([...a.required, ...b.required]),
    conditions: [a, b].map((shape) => ({ schema: schemaOfShape(shape), scope })),
  }
}
