import { intersectArrays } from './intersect-arrays.ts'
import { intersectLiteral } from './intersect-literal.ts'
import { intersectNumbers } from './intersect-numbers.ts'
import { intersectObjects } from './intersect-objects.ts'
import { intersectStrings } from './intersect-strings.ts'
import { isPlain } from './plain.ts'
import type { Scope } from './scope.ts'
import { type Alternative, kindOf, type Shape } from './shape.ts'
import { tidy } from './tidy.ts'

/** What fits both. */
export function intersectShapes(left: Shape, right: Shape, scope: Scope): Shape {
  return left.flatMap((a) =>
    right.flatMap((b) => {
      const both = intersectAlternatives(a, b, scope)
      return both === undefined ? [] : [both]
    }),
  )
}

/** What fits both; `undefined` when it is certain that nothing does. */
export function intersectAlternatives(a: Alternative, b: Alternative, scope: Scope): Alternative | undefined {
  if (kindOf(a) === kindOf(b) && isPlain(a)) return withOrigin(b, a, b)
  const combined = combine(withoutConditions(a), withoutConditions(b), scope)
  const both = combined && tidy(combined)
  if (both === undefined) return undefined
  const conditions = [...a.conditions, ...both.conditions, ...b.conditions]
  return withOrigin({ ...both, conditions }, a, b)
}

function combine(a: Alternative, b: Alternative, scope: Scope): Alternative | undefined {
  if (a.kind === 'literal') return intersectLiteral(a, b, scope)
  if (b.kind === 'literal') return intersectLiteral(b, a, scope)
  if (a.kind === 'number' && b.kind === 'number') return intersectNumbers(a, b)
  if (a.kind === 'string' && b.kind === 'string') return intersectStrings(a, b)
  if (a.kind === 'array' && b.kind === 'array') return intersectArrays(a, b)
  if (a.kind === 'object' && b.kind === 'object') return intersectObjects(a, b, scope)
  return undefined
}

function withoutConditions<A extends Alternative>(alternative: A): A {
  return { ...alternative, conditions: [] }
}

function withOrigin(both: Alternative, a: Alternative, b: Alternative): Alternative {
  return {
    ...both,
    codec: b.codec ?? a.codec,
    name: b.name ?? a.name,
    path: b.path === '' ? a.path : b.path,
    source: b.source,
  }
}
