import { fitsAlternative } from './fits.ts'
import { schemaOfShape } from './schema-of-shape.ts'
import type { Scope } from './scope.ts'
import type { Alternative, LiteralShape } from './shape.ts'

/** A value, where it fits an alternative; with that as a condition, where nobody can tell. */
export function intersectLiteral(
  literal: LiteralShape,
  other: Alternative,
  scope: Scope,
): LiteralShape | undefined {
  const fits = fitsAlternative(literal.value, other, scope)
  if (fits === false) return undefined
  if (fits) return literal
  return { ...literal, conditions: [{ schema: schemaOfShape(other), scope }] }
}
