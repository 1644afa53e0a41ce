import type { Rule } from '../rule.ts'

export const unfitExample: Rule = {
  severity: 'error',
  summary: 'an example that does not fit its schema',
}
