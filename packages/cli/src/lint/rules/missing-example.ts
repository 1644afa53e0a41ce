import type { Rule } from '../rule.ts'
import { vagueFields } from '../schema/vague-fields.ts'

const shown = 3

export const missingExample: Rule = {
  severity: 'warning',
  summary: 'an event with strings of which nothing says what they look like',
  *check({ events, snapshots, model: { definitions } }) {
    for (const { part, place } of [...events, ...snapshots]) {
      if (part.examples !== undefined && part.examples.length > 0) continue
      const vague = vagueFields(part.schema, definitions)
      if (vague.length === 0) continue
      const others = vague.length - shown
      const names = [...vague.slice(0, shown), ...(others > 0 ? [`${others} more`] : [])].join(', ')
      yield {
        place,
        message: `has no example, and nothing shows what comes in ${names}; give one in .meta()`,
      }
    }
  },
}
