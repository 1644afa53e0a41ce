import { resolveSchema } from '../../model/definitions.ts'
import type { Rule } from '../rule.ts'

export const undocumentedEvent: Rule = {
  severity: 'warning',
  summary: 'an event without a description',
  *check({ events, model: { definitions } }) {
    for (const { part, place } of events) {
      const { description, deprecated, schema } = part
      const resolved = resolveSchema(schema, definitions)
      const isDescribed = description || (typeof resolved === 'object' && resolved.description)
      // What is deprecated is told by another rule.
      if (!isDescribed && !deprecated)
        yield { place, message: 'has no description; say when it is published' }
    }
  },
}
