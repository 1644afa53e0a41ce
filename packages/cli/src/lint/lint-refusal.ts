import { ContractError } from '@millrace/contract'
import type { Finding } from './finding.ts'
import { type RuleId, rules } from './rules.ts'

/**
 * Why a contract was refused when it was defined, from the error that loading its module ended in, or from what that was caused
 * by. `undefined` where the module failed otherwise, which is no matter of the contract.
 */
export function lintRefusal(error: unknown): Finding | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!ContractError.isInstance(cause)) continue
    const { message } = cause
    const rule = ruleFor(message)
    // The message says the place, of which nothing else is known: there is no contract.
    return { rule, severity: rules[rule].severity, place: {}, message }
  }
  return undefined
}

function ruleFor(message: string): RuleId {
  if (/ is asynchronous\b/.test(message)) return 'async-schema'
  return /cannot cross JSON| that JSON has not/.test(message) ? 'unrepresentable-schema' : 'unreadable'
}
