import { stringLiteral } from '../layout/literal.ts'
import { callOf, type Expression, withMethod } from './expression.ts'
import type { Flavour } from './flavour.ts'
import { printChain } from './print-chain.ts'

/** Zod: constraints are methods. */
export const zodFlavour: Flavour = {
  module: 'zod',
  schemaType: 'z.ZodType',
  constrain(expression, constraints) {
    return constraints.reduce(
      (current, { method, args }) => withMethod(current, { method, args, hug: false }),
      expression,
    )
  },
  refine: (expression, predicate, message) =>
    withMethod(expression, {
      method: 'refine',
      args: [predicate, stringLiteral(message)],
      hug: false,
    }),
  optional: (expression) => wrapped(expression, 'optional'),
  exactOptional: (expression) => wrapped(expression, 'exactOptional'),
  nonoptional: (expression) => wrapped(expression, 'nonoptional'),
  nullable: (expression) => wrapped(expression, 'nullable'),
  meta(expression, meta) {
    // What is made of Zod's core has no methods; this says nothing new of it, and has them.
    const base = expression.isCore ? wrapped(expression, 'nonoptional') : expression
    return withMethod(base, { method: 'meta', args: [meta], hug: true })
  },
  extend: (expression, shape) => withMethod(expression, { method: 'extend', args: [shape], hug: true }),
  catchall: (expression, rest) =>
    withMethod(expression, { method: 'catchall', args: [printChain(rest)], hug: false }),
  print: printChain,
}

function wrapped(expression: Expression, method: string): Expression {
  if (expression.isCore) return callOf(`z.${method}`, [printChain(expression)])
  return withMethod(expression, { method, args: [], hug: false })
}
