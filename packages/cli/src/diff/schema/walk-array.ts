import { stepInto } from '../../model/place.ts'
import { itemAt } from '../shape/intersect-arrays.ts'
import type { ArrayShape } from '../shape/shape.ts'
import { walkLimit } from './walk-limit.ts'
import type { Walker } from './walker.ts'

export function walkArray(from: ArrayShape, to: ArrayShape, pointer: string, walker: Walker): void {
  walkLength(from, to, pointer, walker)
  if (from.unique && !to.unique) {
    walker.note('unique-items-removed', pointer, 'Its items need no longer differ from each other')
  } else if (!from.unique && to.unique) {
    walker.note('unique-items-added', pointer, 'Its items must differ from each other')
  }
  walkPrefix(from, to, pointer, walker)
  walkRest(from, to, pointer, walker)
}

// How many items a tuple has is told by these, where they change.
function walkLength(from: ArrayShape, to: ArrayShape, pointer: string, walker: Walker): void {
  if (from.prefix.length !== to.prefix.length) return
  // It belongs to the type in code, as the length of an array does not.
  const levels = from.prefix.length > 0 ? ({ source: 'major' } as const) : {}
  walkLimit('minItems', 'lower bound', [from.minimum, to.minimum], pointer, walker, levels)
  if ((from.rest === false) !== (to.rest === false)) return
  walkLimit('maxItems', 'upper bound', [from.maximum, to.maximum], pointer, walker, levels)
}

function walkPrefix(from: ArrayShape, to: ArrayShape, pointer: string, walker: Walker): void {
  const length = Math.max(from.prefix.length, to.prefix.length)
  for (let index = 0; index < length; index++) {
    const old = itemAt(from, index)
    const next = itemAt(to, index)
    const item = stepInto(pointer, 'prefixItems', index)
    if (old === false) walker.note('tuple-item-added', item, `Item ${index + 1} was added to the tuple`)
    else if (next === false)
      walker.note('tuple-item-removed', item, `Item ${index + 1} was removed from the tuple`)
    else walker.walk(old, next, item)
  }
}

function walkRest(from: ArrayShape, to: ArrayShape, pointer: string, walker: Walker): void {
  const place = stepInto(pointer, 'items')
  if (from.rest === false && to.rest === false) return
  if (from.rest === false) walker.note('tuple-rest-added', place, 'The tuple may now have further items')
  else if (to.rest === false) walker.note('tuple-rest-removed', place, 'The tuple may have no further items')
  else walker.walk(from.rest, to.rest, place)
}
