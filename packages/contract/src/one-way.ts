import type * as z from 'zod/v4/core'
import type { Schema } from './schema.ts'

/** A part of a schema that JSON cannot carry both ways. */
export interface OneWay {
  /** Where in the data, as ` at lines[].price`; empty at the root. */
  readonly path: string
  readonly found: string
  readonly cure: string
}

const cures: Readonly<Record<string, string>> = {
  transform: 'use a codec, which also says the way back',
  date: 'use a codec such as isoDate',
  bigint: 'use a codec such as bigintText',
  map: 'use a codec, or z.record()',
  set: 'use a codec, or z.array()',
  undefined: 'leave the key out with z.optional(), or use null',
  void: 'leave the key out with z.optional(), or use null',
  symbol: 'use a string',
  nan: 'use null',
  file: 'publish a URL of it',
  function: 'publish data, not code',
  promise: 'await the value and publish what it gives',
  success: 'use the schema inside it',
  catch: 'use z.optional() or z.nullable(), which hide no mistake',
}

/** Finds the first part of a schema that cannot go to JSON and back, looking at the side that is on the wire. */
export function findOneWay(schema: Schema): OneWay | undefined {
  return visit(schema, '', new Set())
}

function visit(schema: Schema, path: string, seen: Set<Schema>): OneWay | undefined {
  if (seen.has(schema)) return undefined
  seen.add(schema)
  const def = (schema as z.$ZodTypes)._zod.def
  const within = (child: z.SomeType, step = '') => visit(child as Schema, `${path}${step}`, seen)
  const first = (children: Iterable<[z.SomeType, string]>) => {
    for (const [child, step] of children) {
      const found = within(child, step)
      if (found !== undefined) return found
    }
    return undefined
  }

  const cure = cures[def.type]
  if (cure !== undefined)
    return { path: path === '' ? '' : ` at ${path.replace(/^\./, '')}`, found: `z.${def.type}()`, cure }

  switch (def.type) {
    case 'object':
      return (
        first(Object.entries(def.shape).map(([key, child]) => [child, `.${key}`])) ??
        (def.catchall === undefined || def.catchall._zod.def.type === 'never'
          ? undefined
          : within(def.catchall, '[]'))
      )
    case 'array':
      return within(def.element, '[]')
    case 'tuple':
      return first([
        ...def.items.map((item, index): [z.SomeType, string] => [item, `[${index}]`]),
        ...(def.rest === null ? [] : [[def.rest, '[]'] satisfies [z.SomeType, string]]),
      ])
    case 'record':
      return within(def.valueType, '[]')
    case 'union':
      return first(def.options.map((option) => [option, '']))
    case 'intersection':
      return first([
        [def.left, ''],
        [def.right, ''],
      ])
    case 'lazy':
      return within(def.getter())
    case 'pipe':
      // A codec has a way back; a bare pipe has one only if both of its ends do.
      return 'reverseTransform' in def && def.reverseTransform !== undefined
        ? within(def.in)
        : first([
            [def.in, ''],
            [def.out, ''],
          ])
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
    case 'default':
    case 'prefault':
      return within(def.innerType)
    case 'literal':
      return def.values.some((value) => value === undefined || typeof value === 'bigint')
        ? { path, found: 'a literal that JSON has not', cure: 'use a string, a number, a boolean or null' }
        : undefined
    default:
      return undefined
  }
}
