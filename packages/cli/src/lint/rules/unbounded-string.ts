import type { Rule } from '../rule.ts'
import { isBoundedText } from '../schema/bounded-text.ts'
import { isOfType } from '../schema/is-of-type.ts'

export const unboundedString: Rule = {
  severity: 'warning',
  summary: 'a string of any length',
  *check({ schemas }) {
    for (const { part, place } of schemas) {
      if (!isOfType(part, 'string') || isBoundedText(part)) continue
      yield { place, message: 'may be of any length; give it .max(), or a format' }
    }
  },
}
