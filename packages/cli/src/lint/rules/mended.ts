import type { Rule } from '../rule.ts'

export const mended: Rule = {
  severity: 'warning',
  summary: 'a fault of a document that does no harm, because it is clear what was meant',
}
