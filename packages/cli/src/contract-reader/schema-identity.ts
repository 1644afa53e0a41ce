import * as z from 'zod/v4/core'
import { childrenOf } from './schema-children.ts'

/** Says which schema another one is a copy of; a schema is its own original when it is no copy. */
export type OriginalOf = (schema: z.$ZodType) => z.$ZodType

/** The id that a schema was given itself, by `.meta({ id })`. */
export function ownId(schema: z.$ZodType): string | undefined {
  return z.globalRegistry.get(schema)?.id
}

/**
 * Finds out which schemas are copies of one. `.describe()` and `.meta()` copy, so that two uses of one schema with different
 * descriptions are different objects. Every chained call leaves a copy behind, too; what nobody uses is no original.
 */
export function findOriginals(roots: Iterable<z.$ZodType>, exported: Iterable<z.$ZodType>): OriginalOf {
  const used = reachable(roots)
  const significant = new Set([...used, ...exported])
  const copies = new Map<z.$ZodType, Set<z.$ZodType>>()
  for (const schema of used) {
    for (let copy = schema, of = copied(copy); of !== undefined; copy = of, of = copied(copy)) {
      const known = copies.get(of) ?? new Set()
      copies.set(of, known.add(copy))
      if (known.size > 1) significant.add(of)
    }
  }
  return (schema) => {
    let original = schema
    for (let of = copied(schema); of !== undefined; of = copied(of)) if (significant.has(of)) original = of
    return original
  }
}

function reachable(roots: Iterable<z.$ZodType>): ReadonlySet<z.$ZodType> {
  const found = new Set(roots)
  for (const schema of found) for (const [child] of childrenOf(schema)) found.add(child)
  return found
}

/** What a schema was copied from, where the copy checks the same and has no id of its own. */
function copied(schema: z.$ZodType): z.$ZodType | undefined {
  const parent = schema._zod.parent
  if (parent === undefined || ownId(schema) !== undefined) return undefined
  const [left, right] = [parent._zod.def, schema._zod.def]
  const [before, after] = [checksOf(parent), checksOf(schema)]
  const same =
    left.type === right.type &&
    before.length === after.length &&
    before.every((check, index) => check === after[index])
  return same ? parent : undefined
}

// In Zod Mini, what `z.meta()` says comes as a check that checks nothing.
function checksOf(schema: z.$ZodType): readonly unknown[] {
  return (schema._zod.def.checks ?? []).filter(
    ({ _zod: { def } }) => def.check !== 'meta' && def.check !== 'describe',
  )
}
