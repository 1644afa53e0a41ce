import type { Rule } from '../rule.ts'

export const undocumentedParam: Rule = {
  severity: 'warning',
  summary: 'a param without a description',
  *check({ params }) {
    for (const { part, place } of params) {
      if (!part.description) yield { place, message: 'has no description; say what it names' }
    }
  },
}
