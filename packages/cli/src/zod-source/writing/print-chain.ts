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
  // `z.iso.date()` is `z.iso` and `.date()`; a function with one method stays on the line.
  const dot = first === undefined ? -1 : callee.lastIndexOf('.')
  if (count < 2 || (first !== undefined && dot === -1 && methods.length < 2)) return oneLine

  const start = dot === -1 ? head : callee.slice(0, dot)
  const own = dot === -1 || first === undefined ? [] : [call(callee.slice(dot), first.args, first)]
  const expanded: Doc = [start, indent([...own, ...printed].map((doc): Doc => [hardLine, doc]))]
  const calls = [first, ...methods].flatMap((one) => one?.args ?? [])
  const complex = count > 2 && !calls.every(isSimpleArgument)
  const broken = willBreak(head) || printed.slice(0, -1).some(willBreak)
  if (complex || broken) return group(expanded, { broken: true })
  const last = methods.at(-1)
  if (last?.hug !== true) return group(oneLine, { states: [expanded] })
  // Formatters would rather break the object at its end than the chain, if that alone does not do.
  const others = last.args.slice(0, -1).map((arg): Doc => [arg, ', '])
  const end: Doc = [`.${last.method}(`, others, group(last.args.at(-1) ?? '', { broken: true }), ')']
  const hugged = [head, printed.slice(0, -1), end]
  return group(oneLine, { states: [expanded, hugged, expanded], whole: true })
}
