import { numberLiteral, patternLiteral } from '../layout/literal.ts'
import type { NumberNode, StringNode } from '../nodes/node.ts'
import type { Constraint } from './flavour.ts'

/** What is asked of a string. */
export function stringConstraints({ minimum, maximum, patterns }: StringNode): readonly Constraint[] {
  return [
    ...sizeConstraints({
      ...(minimum === undefined ? {} : { minimum }),
      ...(maximum === undefined ? {} : { maximum }),
    }),
    ...patterns.map(({ source, flags }): Constraint => {
      const text = patternLiteral(source, flags)
      // Formatters take longer expressions for reasons to break a chain.
      return { method: 'regex', check: 'regex', args: [text] }
    }),
  ]
}

/** What is asked of the length of something. */
export function sizeConstraints(bounds: {
  readonly minimum?: number
  readonly maximum?: number
}): readonly Constraint[] {
  const { minimum, maximum } = bounds
  if (minimum !== undefined && minimum === maximum) return [constraint('length', 'length', minimum)]
  return [
    ...(minimum === undefined ? [] : [constraint('min', 'minLength', minimum)]),
    ...(maximum === undefined ? [] : [constraint('max', 'maxLength', maximum)]),
  ]
}

/** What is asked of a number. */
export function numberConstraints(node: NumberNode): readonly Constraint[] {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multiplesOf } = node
  const constraints: Constraint[] = []
  if (minimum === 0) constraints.push({ ...constraint('nonnegative', 'nonnegative', 0), args: [] })
  else if (minimum !== undefined) constraints.push(constraint('min', 'gte', minimum))
  if (exclusiveMinimum === 0) constraints.push({ ...constraint('positive', 'positive', 0), args: [] })
  else if (exclusiveMinimum !== undefined) constraints.push(constraint('gt', 'gt', exclusiveMinimum))
  if (maximum !== undefined) constraints.push(constraint('max', 'lte', maximum))
  if (exclusiveMaximum !== undefined) constraints.push(constraint('lt', 'lt', exclusiveMaximum))
  return [...constraints, ...multiplesOf.map((step) => constraint('multipleOf', 'multipleOf', step))]
}

function constraint(method: string, check: string, bound: number): Constraint {
  return { method, check, args: [numberLiteral(bound)] }
}
