import type { Rule } from '../rule.ts'
import { isOfType } from '../schema/is-of-type.ts'

export const unsafeInteger: Rule = {
  severity: 'warning',
  summary: 'a whole number beyond what a number in JavaScript holds exactly',
  *check({ schemas }) {
    for (const { part, place } of schemas) {
      if (!isOfType(part, 'integer') && !isOfType(part, 'number')) continue
      const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, format } = part
      const limits = [minimum ?? exclusiveMinimum, maximum ?? exclusiveMaximum]
      const named = [...limits, part.const, ...(part.enum ?? [])]
      const isWide = format === 'int64' || format === 'uint64'
      // A float is not exact anyway.
      const isBeyond = isOfType(part, 'integer')
        ? named.some((limit) => typeof limit === 'number' && !isExact(limit))
        : false
      if (!isBeyond && !(isWide && limits.includes(undefined))) continue
      const message =
        'may be beyond 2^53, where a number in JavaScript loses digits; send it as text, with bigintText'
      yield { place, message }
    }
  },
}

function isExact(limit: number): boolean {
  return Math.abs(limit) <= Number.MAX_SAFE_INTEGER
}
