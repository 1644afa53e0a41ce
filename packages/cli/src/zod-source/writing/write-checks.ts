import type { Doc } from '../layout/doc.ts'
import { arrayLiteral, call, patternLiteral, stringLiteral } from '../layout/literal.ts'
import type { Check } from '../nodes/check.ts'
import type { Node } from '../nodes/node.ts'
import { isWired } from '../nodes/transparent.ts'
import { callOf, type Expression } from './expression.ts'
import type { Writer } from './writer.ts'

/** A schema with its checks: of the value in code where that tells as much, else of the value on the wire. */
export function writeChecks(
  node: Node,
  expression: Expression,
  writer: Writer,
  write: (schema: Node) => Doc,
): Expression {
  const { checks = [] } = node
  if (checks.length === 0) return expression
  const { flavour } = writer
  if (isWired(node, writer.lookup)) {
    const predicates = checks.map((check) => predicate(check, writer, write) ?? onAnything(check))
    return callOf(writer.need('onWire'), [flavour.print(expression), ...predicates])
  }
  return checks.reduce((current, check) => {
    const isScalar = check.kind === 'distinct' && holdsScalars(node)
    const doc = isScalar ? ofScalars : (predicate(check, writer, write) ?? onObject(check))
    return flavour.refine(current, doc, messages[check.kind])
  }, expression)
}

const messages: Readonly<Record<Check['kind'], string>> = {
  not: 'Invalid input: this is ruled out',
  fits: 'Invalid input: does not fit',
  when: 'Invalid input: does not fit in this case',
  contains: 'Invalid input: no item fits',
  distinct: 'Invalid input: items must be unique',
  names: 'Invalid input: a key does not fit',
  count: 'Invalid input: number of keys',
  members: 'Invalid input: a member does not fit its key',
}

const ofScalars = '(items) => new Set(items).size === items.length'

function predicate(check: Check, writer: Writer, write: (schema: Node) => Doc): Doc | undefined {
  switch (check.kind) {
    case 'not':
    case 'fits':
    case 'contains':
      return call(writer.need(check.kind), [write(check.node)])
    case 'names':
      return call(writer.need('keysFit'), [write(check.node)])
    case 'when': {
      const then = check.consequence === undefined ? 'undefined' : write(check.consequence)
      const rest = check.otherwise === undefined ? [] : [write(check.otherwise)]
      return call(writer.need('when'), [write(check.condition), then, ...rest])
    }
    case 'members': {
      const declared = arrayLiteral(check.declared.map(stringLiteral))
      const patterns = check.patterns.map(({ source, node }) =>
        arrayLiteral([patternLiteral(source, 'u'), write(node)]),
      )
      const rest = check.rest === undefined ? [] : [write(check.rest)]
      const pairs = arrayLiteral(patterns, { broken: patterns.length > 1 })
      return call(writer.need('members'), [declared, pairs, ...rest])
    }
    case 'distinct':
      return writer.need('distinct')
    default:
      return undefined
  }
}

function onObject(check: Check): Doc {
  return counting(check, 'Object.keys(value).length')
}

// On the wire, it may be no object at all.
function onAnything(check: Check): Doc {
  return counting(check, 'Object.keys(Object(value)).length')
}

function counting(check: Check, count: string): Doc {
  const { minimum, maximum } = check as Check & { kind: 'count' }
  if (minimum !== undefined && minimum === maximum) return `(value) => ${count} === ${minimum}`
  const bounds = [
    ...(minimum === undefined ? [] : [`${count} >= ${minimum}`]),
    ...(maximum === undefined ? [] : [`${count} <= ${maximum}`]),
  ]
  return `(value) => ${bounds.join(' && ')}`
}

function holdsScalars(node: Node): boolean {
  if (node.kind !== 'array') return false
  const { element } = node
  return ['string', 'number', 'boolean', 'literal'].includes(element.kind)
}
