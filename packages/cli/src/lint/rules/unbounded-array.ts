import type { Rule } from '../rule.ts'
import { isOfType } from '../schema/is-of-type.ts'

export const unboundedArray: Rule = {
  severity: 'warning',
  summary: 'an array of any length',
  *check({ schemas }) {
    for (const { part, place } of schemas) {
      if (!isOfType(part, 'array') || part.maxItems !== undefined || isTuple(part)) continue
      // A set or a map has no way to say it.
      if (part['x-codec'] !== undefined) continue
      yield { place, message: 'may have any number of items; give it .max()' }
    }
  },
}

function isTuple({
  prefixItems,
  items,
}: {
  readonly prefixItems?: unknown
  readonly items?: unknown
}): boolean {
  return items === false || (prefixItems !== undefined && items === undefined)
}
