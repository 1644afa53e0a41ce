import type { Rule } from '../rule.ts'

export const unreadable: Rule = {
  severity: 'error',
  summary: 'a contract, or a part of a document, that cannot be read',
}
