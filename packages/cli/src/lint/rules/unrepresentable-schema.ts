import type { Rule } from '../rule.ts'

export const unrepresentableSchema: Rule = {
  severity: 'error',
  summary: 'a schema of which a part cannot go to JSON and back',
}
