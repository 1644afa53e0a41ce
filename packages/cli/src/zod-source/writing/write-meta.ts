import { objectLiteral, property, valueLiteral } from '../layout/literal.ts'
import type { Node } from '../nodes/node.ts'
import type { Expression } from './expression.ts'
import type { Mode, Writer } from './writer.ts'

/** A schema with what it says to people, and to documents that are written from it. */
export function writeMeta(node: Node, expression: Expression, writer: Writer, mode: Mode): Expression {
  if (mode.checking) return expression
  const meta = Object.entries({ ...node.annotations, ...checkedKeywords(node) })
  if (meta.length === 0) return expression
  const members = meta.map(([name, value]) => property(name, valueLiteral(value)))
  return writer.flavour.meta(expression, objectLiteral(members))
}

// Zod knows nothing of what a function checks; these keywords are said beside, so that documents have them.
function checkedKeywords({ checks = [] }: Node): Readonly<Record<string, unknown>> {
  const keywords = checks.map((check): Readonly<Record<string, unknown>> => {
    if (check.kind === 'distinct') return { uniqueItems: true }
    if (check.kind !== 'count') return {}
    const { minimum, maximum } = check
    return {
      ...(minimum === undefined ? {} : { minProperties: minimum }),
      ...(maximum === undefined ? {} : { maxProperties: maximum }),
    }
  })
  return Object.assign({}, ...keywords)
}
