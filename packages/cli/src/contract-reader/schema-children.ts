import type * as z from 'zod/v4/core'

/** A schema within another, and the step to it in the data: `.price`, `[]`, or nothing where both stand at one place. */
export type Child = readonly [schema: z.$ZodType, step: string]

/** The schemas directly within one, on the side that is on the wire. */
export function childrenOf(schema: z.$ZodType): readonly Child[] {
  return list(schema).map(([child, step]) => [child as z.$ZodType, step])
}

function list(schema: z.$ZodType): readonly (readonly [z.SomeType, string])[] {
  const { _zod } = schema as z.$ZodTypes
  const def = _zod.def
  switch (def.type) {
    case 'object': {
      const properties = Object.entries(def.shape).map(([key, child]) => [child, `.${key}`] as const)
      return def.catchall === undefined ? properties : [...properties, [def.catchall, '[]']]
    }
    case 'array':
      return [[def.element, '[]']]
    case 'tuple': {
      const items = def.items.map((item, index) => [item, `[${index}]`] as const)
      return def.rest === null ? items : [...items, [def.rest, '[]']]
    }
    case 'record':
      return [
        [def.keyType, ''],
        [def.valueType, '[]'],
      ]
    case 'union':
      return def.options.map((option) => [option, ''])
    case 'intersection':
      return [
        [def.left, ''],
        [def.right, ''],
      ]
    case 'lazy':
      // The getter may make a new schema at each call; this is the one that Zod itself keeps.
      return [[(_zod as z.$ZodLazy['_zod']).innerType, '']]
    case 'pipe':
      return [[def.in, '']]
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
    case 'default':
    case 'prefault':
    case 'catch':
      return [[def.innerType, '']]
    default:
      return []
  }
}
