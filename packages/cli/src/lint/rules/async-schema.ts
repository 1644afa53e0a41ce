import type { Rule } from '../rule.ts'

export const asyncSchema: Rule = {
  severity: 'error',
  summary: 'a codec, a check or an upgrade that is asynchronous',
}
