import { sameSchema } from '../shape/same-schema.ts'
import type { Alternative } from '../shape/shape.ts'
import { walkAnnotations } from './walk-annotations.ts'
import { walkArray } from './walk-array.ts'
import { walkNumber } from './walk-number.ts'
import { walkObject } from './walk-object.ts'
import { walkString } from './walk-string.ts'
import type { Walker } from './walker.ts'

/** Compares two alternatives of the same kind. */
export function walkAlternative(from: Alternative, to: Alternative, at: string, walker: Walker): void {
  const pointer = `${at}${to.path}`
  if (to.path !== '' || from.path !== '') walkAnnotations(from.source, to.source, pointer, walker)
  walkConditions(from, to, at, walker)
  walkCodec(from, to, pointer, walker)
  if (from.kind === 'number' && to.kind === 'number') walkNumber(from, to, pointer, walker)
  if (from.kind === 'string' && to.kind === 'string') walkString(from, to, pointer, walker)
  if (from.kind === 'array' && to.kind === 'array') walkArray(from, to, pointer, walker)
  if (from.kind === 'object' && to.kind === 'object') walkObject(from, to, pointer, walker)
}

/** Compares the types in code. */
export function walkCodec(from: Alternative, to: Alternative, pointer: string, { note }: Walker): void {
  if (from.codec !== to.codec) note('codec-changed', pointer, tellCodec(from.codec, to.codec))
}

function tellCodec(from: string | undefined, to: string | undefined): string {
  if (from === undefined) return `The codec "${to}" was added, so it is of another type in code`
  if (to === undefined) return `The codec "${from}" was removed, so it is in code what it is on the wire`
  return `The codec changed from "${from}" to "${to}", so it is of another type in code`
}

// What cannot be reasoned about is compared as it is written; less of it lets more through, more of it less.
function walkConditions(from: Alternative, to: Alternative, pointer: string, { note }: Walker): void {
  const lost = from.conditions.filter(
    (condition) => !to.conditions.some((other) => sameSchema(condition, other)),
  )
  const gained = to.conditions.filter(
    (condition) => !from.conditions.some((other) => sameSchema(other, condition)),
  )
  const names = [...new Set([...lost, ...gained].flatMap(({ schema }) => Object.keys(schema)))].sort()
  const keywords = names.map((name) => `"${name}"`).join(', ')
  if (lost.length > 0 && gained.length > 0) {
    note('condition-changed', pointer, `${keywords} changed, with effects that cannot be worked out`)
  } else if (gained.length > 0) {
    note('condition-added', pointer, `${keywords} was added, which may refuse what was valid`)
  } else if (lost.length > 0) {
    note('condition-removed', pointer, `${keywords} was removed, which may allow what was refused`)
  }
}
