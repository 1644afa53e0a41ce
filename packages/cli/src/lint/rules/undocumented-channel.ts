import type { Rule } from '../rule.ts'

export const undocumentedChannel: Rule = {
  severity: 'warning',
  summary: 'a channel without a description',
  *check({ channels }) {
    for (const { part, place } of channels) {
      if (!part.description) yield { place, message: 'has no description; say what happens in it' }
    }
  },
}
