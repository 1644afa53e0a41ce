import { type Doc, group, hardLine, indent, willBreak } from '../layout/doc.ts'
import { call } from '../layout/literal.ts'
import { isSimpleArgument } from '../layout/simple-argument.ts'
import type { Expression } from './expression.ts'

/** A chain of calls as formatters lay it out: on one line, or each call on a line of its own. */
export function printChain({ callee, call: first, methods }: Expression): Doc {
  const head = first === undefined ? callee : call(callee, first.args, first)
  const printed = methods.map(({ method, args, hug }) => call(`.${method}`, args, { hug }))
  const oneLine: Doc = [head, ...printed]
  const count = methods.length + (first === undefined ? 0 : 1)
  if (count < 2) return oneLine

  // `z.iso.date()` is `z.iso` and `.date()`.
  const dot = first === undefined ? -1 : callee.lastIndexOf('.')
  const start = dot === -1 ? head : callee.slice(0, dot)
  const own = dot === -1 || first === undefined ? [] : [call(callee.slice(dot), first.args, first)]
  const expanded: Doc = [start, indent([...own, ...printed].map((doc): Doc => [hardLine, doc]))]
  const calls = [first, ...methods].flatMap((one) => one?.args ?? [])
  const complex = count > 2 && !calls.every(isSimpleArgument)
  const broken = willBreak(head) || printed.slice(0, -1).some(willBreak)
  return complex || broken ? group(expanded, { broken: true }) : group(oneLine, { states: [expanded] })
}
