import type { Bound, NumberShape } from '../shape/shape.ts'
import { multiplesWithin } from '../shape/subset-scalars.ts'
import type { Walker } from './walker.ts'

export function walkNumber(from: NumberShape, to: NumberShape, pointer: string, walker: Walker): void {
  if (from.integer && !to.integer) {
    walker.note('number-widened', pointer, 'It can now be a number that is not whole')
  } else if (!from.integer && to.integer) {
    walker.note('number-narrowed', pointer, 'It can only be a whole number now')
  }
  const becameOther = from.integer !== to.integer
  walkBound('minimum', from.minimum, to.minimum, 1, becameOther, pointer, walker)
  walkBound('maximum', from.maximum, to.maximum, -1, becameOther, pointer, walker)
  walkMultiples(from, to, pointer, walker)
}

function walkBound(
  keyword: 'minimum' | 'maximum',
  from: Bound,
  to: Bound,
  sign: 1 | -1,
  becameOther: boolean,
  pointer: string,
  { note }: Walker,
): void {
  if (from.value === to.value && from.exclusive === to.exclusive) return
  if (becameOther && !isSet(from) && !isSet(to)) return
  const difference = (to.value - from.value) * sign
  const tightened = from.value === to.value ? to.exclusive : difference > 0
  const message = `The limit "${keyword}" ${tell(from, to)}`
  note(tightened ? 'limit-tightened' : 'limit-loosened', pointer, message)
}

// Zod limits whole numbers to the safe ones; that follows from their being whole, and is not worth a word.
function isSet({ value }: Bound): boolean {
  return Math.abs(value) < Number.MAX_SAFE_INTEGER
}

function tell(from: Bound, to: Bound): string {
  if (!isSet(from)) return `was added: ${describe(to)}`
  if (!isSet(to)) return `was removed; it was ${describe(from)}`
  return `changed from ${describe(from)} to ${describe(to)}`
}

function describe({ value, exclusive }: Bound): string {
  return exclusive ? `${value} (exclusive)` : String(value)
}

function walkMultiples(from: NumberShape, to: NumberShape, pointer: string, { note }: Walker): void {
  if (String(from.multiples) === String(to.multiples)) return
  const old = from.multiples.join(', ') || 'none'
  const next = to.multiples.join(', ') || 'none'
  const message = `The limit "multipleOf" changed from ${old} to ${next}`
  const tightened = multiplesWithin(to, from)
  const loosened = multiplesWithin(from, to)
  if (tightened && loosened) return
  note(tightened ? 'limit-tightened' : loosened ? 'limit-loosened' : 'limit-changed', pointer, message)
}
