import type { JsonSchema } from '../../model/json-schema.ts'
import { sameSchema } from '../shape/same-schema.ts'
import { type Alternative, type Kind, kindOf, type Shape } from '../shape/shape.ts'
import { describeKinds, describeShape, isEverything } from './describe.ts'
import { walkAnnotations } from './walk-annotations.ts'
import { walkKind } from './walk-kind.ts'
import type { Walker } from './walker.ts'

const kinds: readonly Kind[] = ['boolean', 'number', 'string', 'array', 'object']

/** Compares two schemas by the JSON types that they allow, then type by type. */
export function walkNode(old: JsonSchema, next: JsonSchema, pointer: string, walker: Walker): void {
  const { before, after } = walker.comparison
  if (sameSchema({ schema: old, scope: before }, { schema: next, scope: after }, true)) return
  walkAnnotations(before.annotated(old), after.annotated(next), pointer, walker)
  const from = before.shapeOf(old)
  const to = after.shapeOf(next)
  if (isEverything(from) !== isEverything(to)) {
    const rule = isEverything(from) ? 'type-removed' : 'type-added'
    walker.note(rule, pointer, `The type changed from ${describeShape(from)} to ${describeShape(to)}`)
    return
  }
  walkTypes(from, to, pointer, walker)
  for (const kind of kinds) {
    const left = ofKind(from, kind)
    const right = ofKind(to, kind)
    if (left.length > 0 && right.length > 0) walkKind(left, right, pointer, walker)
  }
}

function walkTypes(from: Shape, to: Shape, pointer: string, walker: Walker): void {
  const had = kinds.filter((kind) => ofKind(from, kind).length > 0)
  const has = kinds.filter((kind) => ofKind(to, kind).length > 0)
  const lost = had.filter((kind) => !has.includes(kind))
  const gained = has.filter((kind) => !had.includes(kind))
  if (lost.length > 0 && gained.length > 0 && lost.length === had.length) {
    const message = `The type changed from ${describeKinds(lost)} to ${describeKinds(gained)}`
    walker.note('type-changed', pointer, message)
  } else {
    if (lost.length > 0) walker.note('type-removed', pointer, `It can no longer be ${describeKinds(lost)}`)
    if (gained.length > 0) walker.note('type-added', pointer, `It can now also be ${describeKinds(gained)}`)
  }
  const hadNull = ofKind(from, 'null').length > 0
  const hasNull = ofKind(to, 'null').length > 0
  if (hadNull && !hasNull) walker.note('null-removed', pointer, 'It can no longer be null')
  if (!hadNull && hasNull) walker.note('null-added', pointer, 'It can now be null')
}

function ofKind(shape: Shape, kind: Kind): readonly Alternative[] {
  return shape.filter((alternative) => kindOf(alternative) === kind)
}
