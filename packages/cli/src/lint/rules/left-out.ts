import type { Rule } from '../rule.ts'

export const leftOut: Rule = {
  severity: 'warning',
  summary: 'a part of a document that a contract has no words for',
}
