import type { Rule } from '../rule.ts'

export const onlyInCode: Rule = {
  severity: 'warning',
  summary: 'what only code can do: a check such as `.refine()`, or a default that is computed',
}
