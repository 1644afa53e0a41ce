import type { Rule } from '../rule.ts'

export const unfitDefault: Rule = {
  severity: 'error',
  summary: 'a default that does not fit its schema',
}
