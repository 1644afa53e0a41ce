import { intersectAlternatives } from './intersect.ts'
import type { Scope } from './scope.ts'
import type { Alternative, ObjectShape, Shape } from './shape.ts'

/** Whether it is certain that no value fits both. */
export function areDisjoint(left: Shape, right: Shape, scope: Scope): boolean {
  return left.every((a) => right.every((b) => areApart(a, b, scope)))
}

function areApart(a: Alternative, b: Alternative, scope: Scope): boolean {
  if (a.kind === 'object' && b.kind === 'object') return haveTagApart(a, b, scope)
  return intersectAlternatives(a, b, scope) === undefined
}

function haveTagApart(a: ObjectShape, b: ObjectShape, scope: Scope): boolean {
  for (const key of a.required) {
    if (!b.required.has(key)) continue
    const left = literalTexts(a, key, scope)
    const right = literalTexts(b, key, scope)
    if (left !== undefined && right !== undefined && left.every((text) => !right.includes(text))) return true
  }
  return false
}

/** The values of a property as texts, where it has only some; `undefined` where it has any number of them. */
export function literalTexts(object: ObjectShape, key: string, scope: Scope): readonly string[] | undefined {
  const schema = object.properties.get(key)
  if (schema === undefined) return undefined
  const shape = scope.shapeOf(schema)
  const texts = shape.flatMap((alternative) => (alternative.kind === 'literal' ? [alternative.text] : []))
  return texts.length > 0 && texts.length === shape.length ? texts : undefined
}
