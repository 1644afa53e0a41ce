import type * as z from 'zod/v4/core'
import { isSchema, type Schema } from './schema.ts'

/** Schemas within schemas that are looked at: more of them are made anew for ever, as by a function that is called in a `z.lazy()`. */
export const deepestSchema = 200

// Where schemas are made anew for ever, there may be many at each depth.
const mostSchemas = 10_000

/** A schema inside another one. */
export interface SchemaPart {
  readonly schema: Schema
  /** The way to it in the data: `.price`, `[]`; empty where both describe the same value. */
  readonly step: string
  /**
   * What it describes: the same value, a member that an object may leave out, an element that has to be there, or
   * what a codec has made of the value in code.
   */
  readonly place: 'same' | 'member' | 'element' | 'code'
}

/** Zod's own way of telling schemas apart, which Zod and Zod Mini have in common. */
export function definitionOf(schema: Schema): z.$ZodTypes['_zod']['def'] {
  return (schema as z.$ZodTypes)._zod.def
}

/** Whether a schema is a codec: a pipe with a function for each way. */
export function isCodec(def: z.$ZodTypes['_zod']['def']): def is z.$ZodCodecDef {
  return def.type === 'pipe' && 'reverseTransform' in def && def.reverseTransform !== undefined
}

/**
 * The schemas directly inside a schema.
 *
 * @param changes whether the schema at the start of a pipe gives something else than it reads
 */
export function partsOf(
  schema: Schema,
  changes: (start: Schema) => boolean = holdsCodec,
): readonly SchemaPart[] {
  const def = definitionOf(schema)
  switch (def.type) {
    case 'object':
      return [
        ...Object.entries(def.shape).map(([key, member]) => part(member, 'member', `.${key}`)),
        ...(def.catchall === undefined ? [] : [part(def.catchall, 'member', '[]')]),
      ]
    case 'record':
      return [part(def.keyType, 'element', '[]'), part(def.valueType, 'member', '[]')]
    case 'array':
      return [part(def.element, 'element', '[]')]
    case 'tuple':
      return [
        ...def.items.map((item, index) => part(item, 'element', `[${index}]`)),
        ...(def.rest === null ? [] : [part(def.rest, 'element', '[]')]),
      ]
    case 'map':
      return [part(def.keyType, 'element', '[]'), part(def.valueType, 'element', '[]')]
    case 'set':
      return [part(def.valueType, 'element', '[]')]
    case 'union':
      return def.options.map((option) => part(option))
    case 'intersection':
      return [part(def.left), part(def.right)]
    case 'lazy':
      // The getter may make a new schema at each call; this is the one that Zod itself keeps.
      return [part((schema as z.$ZodLazy)._zod.innerType)]
    case 'pipe':
      return [part(def.in), part(def.out, isCodec(def) || changes(def.in as Schema) ? 'code' : 'same')]
    case 'optional':
    case 'nullable':
    case 'readonly':
    case 'catch':
      return [part(def.innerType)]
    case 'nonoptional':
    case 'default':
    case 'prefault':
      // What is inside may be missing: this one sees to it.
      return [part(def.innerType, 'member')]
    default:
      return []
  }
}

function part(schema: z.SomeType, place: SchemaPart['place'] = 'same', step = ''): SchemaPart {
  return { schema: schema as Schema, step, place }
}

// What leaves a schema without a codec is what came in, so that the next one of a pipe describes the same.
function holdsCodec(schema: Schema): boolean {
  return holdsCodecWithin(schema, 0, new Set())
}

function holdsCodecWithin(schema: Schema, depth: number, seen: Set<Schema>): boolean {
  if (seen.has(schema) || depth > deepestSchema || seen.size > mostSchemas || !isSchema(schema)) return false
  seen.add(schema)
  return (
    isCodec(definitionOf(schema)) ||
    partsOf(schema, () => false).some((inner) => holdsCodecWithin(inner.schema, depth + 1, seen))
  )
}
