import type * as z from 'zod/v4/core'
import type { Schema } from './schema.ts'

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

/** The schemas directly inside a schema. */
export function partsOf(schema: Schema): readonly SchemaPart[] {
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
      return [part(def.getter())]
    case 'pipe':
      return [part(def.in), part(def.out, isCodec(def) || holdsCodec(def.in as Schema) ? 'code' : 'same')]
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
function holdsCodec(schema: Schema, seen = new Set<Schema>()): boolean {
  if (seen.has(schema)) return false
  seen.add(schema)
  return isCodec(definitionOf(schema)) || partsOf(schema).some((inner) => holdsCodec(inner.schema, seen))
}
