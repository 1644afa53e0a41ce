import type { Rule } from '../rule.ts'

export const undocumentedContract: Rule = {
  severity: 'warning',
  summary: 'a contract without a description',
  *check({ model }) {
    if (model.description) return
    yield { place: {}, message: 'has no description; say what it is for, beside its name and its version' }
  },
}
