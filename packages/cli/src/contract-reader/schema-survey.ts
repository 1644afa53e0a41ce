import type * as z from 'zod/v4/core'
import { childrenOf } from './schema-children.ts'
import { type OriginalOf, ownId } from './schema-identity.ts'

/** A place in a contract where a schema stands: `#/channels/orders/events/placed`, and then `lines[].price`. */
export interface SchemaPlace {
  readonly pointer: string
  /** Words for a name, from the contract's own names. */
  readonly words: readonly string[]
  readonly path: string
}

/** What is known of a schema after looking at every use of it. */
export interface SchemaUse {
  readonly schema: z.$ZodType
  readonly first: SchemaPlace
  uses: number
  /** It holds itself. */
  recursive: boolean
}

/** Every schema of a contract, in the order of the source, with its uses. */
export function surveySchemas(
  originalOf: OriginalOf,
  roots: readonly { readonly schema: z.$ZodType; readonly place: SchemaPlace }[],
): readonly SchemaUse[] {
  const found = new Map<z.$ZodType, SchemaUse>()
  const open = new Set<z.$ZodType>()

  const visit = (copy: z.$ZodType, place: SchemaPlace): void => {
    const schema = originalOf(copy)
    const known = found.get(schema)
    if (known !== undefined) {
      known.uses += 1
      if (open.has(schema)) known.recursive = true
      // What is named is described once. What is not is written out at each of its uses, so its parts are used again, too.
      if (open.has(schema) || isCompound(schema) || ownId(schema) !== undefined || known.uses > 2) return
    } else {
      found.set(schema, { schema, first: place, uses: 1, recursive: false })
    }
    open.add(schema)
    for (const [child, step] of childrenOf(schema)) visit(child, { ...place, path: `${place.path}${step}` })
    open.delete(schema)
  }

  for (const { schema, place } of roots) visit(schema, place)
  return [...found.values()]
}

/** Whether a schema is worth a name of its own where it is used more than once. */
export function isCompound(schema: z.$ZodType): boolean {
  const { def } = (schema as z.$ZodTypes)._zod
  if (def.type === 'object') return Object.keys(def.shape).length > 0
  return def.type === 'union' || def.type === 'intersection'
}
