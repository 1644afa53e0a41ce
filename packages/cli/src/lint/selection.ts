import type { Rule } from './rule.ts'
import { type RuleId, rules } from './rules.ts'

/** Which rules look. */
export interface Selection {
  /** Rules that shall not. @default none */
  readonly off?: readonly RuleId[]
  /** Rules that look only on request, and are. @default none */
  readonly on?: readonly RuleId[]
}

export function isOn(id: RuleId, { off = [], on = [] }: Selection): boolean {
  const { onRequest = false }: Rule = rules[id]
  return !off.includes(id) && (!onRequest || on.includes(id))
}
