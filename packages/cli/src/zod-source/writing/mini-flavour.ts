import type { Doc } from '../layout/doc.ts'
import { call, stringLiteral } from '../layout/literal.ts'
import { callOf, type Expression, withMethod } from './expression.ts'
import type { Flavour } from './flavour.ts'
import { printChain } from './print-chain.ts'

/** Zod Mini: functions, of which a bundler keeps only those that are used. */
export const miniFlavour: Flavour = {
  module: 'zod/mini',
  schemaType: 'z.ZodMiniType',
  constrain(expression, constraints) {
    const checks = constraints.map(({ check, args }) => call(`z.${check}`, args))
    return checks.length === 0 ? expression : checked(expression, checks)
  },
  refine: (expression, predicate, message) =>
    checked(beforeCheck(expression), [call('z.refine', [predicate, stringLiteral(message)])]),
  optional: (expression) => wrapped(expression, 'optional'),
  exactOptional: (expression) => wrapped(expression, 'exactOptional'),
  nonoptional: (expression) => wrapped(expression, 'nonoptional'),
  nullable: (expression) => wrapped(expression, 'nullable'),
  meta(expression, meta) {
    const { call: own, isCore } = expression
    const base = own === undefined || isCore ? beforeCheck(expression) : expression
    // A constant is others' too, so what is said of it here is said of a copy.
    if (base.call === undefined) return checked(base, [call('z.meta', [meta], { hug: true })])
    return withMethod(base, { method: 'register', args: ['z.globalRegistry', meta], hug: true })
  },
  extend: (expression, shape) => callOf('z.extend', [printChain(expression), shape], { hug: true }),
  catchall: (expression, rest) => callOf('z.catchall', [printChain(expression), printChain(rest)]),
  print: printChain,
}

function wrapped(expression: Expression, name: string): Expression {
  return callOf(`z.${name}`, [printChain(expression)])
}

// What is made of Zod's core has no methods, and `check` would call the getters of an object too early. This says nothing new
// of a schema, and has neither fault.
function beforeCheck(expression: Expression): Expression {
  const { isCore, hasGetters = false } = expression
  return isCore || hasGetters ? wrapped(expression, 'nonoptional') : expression
}

// All checks of a schema are one call.
function checked(expression: Expression, checks: readonly Doc[]): Expression {
  const last = expression.methods.at(-1)
  if (last?.method !== 'check') return withMethod(expression, { method: 'check', args: checks, hug: false })
  const merged = { ...last, args: [...last.args, ...checks] }
  return { ...expression, methods: [...expression.methods.slice(0, -1), merged] }
}
