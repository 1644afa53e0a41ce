import type { Retention } from './options.ts'
import type { Life } from './schema.ts'

/** What retention has to know of a record. */
export interface Stamp {
  /** Bytes of all records up to and including this one. */
  readonly total: number
  readonly appended: number
}

/**
 * The offset of the oldest record that retention still keeps: `head + 1` when age leaves none. Asks for the stamps of a few
 * records only, however many are held, because totals and times grow with the offsets.
 */
export function firstKept(life: Life, retention: Retention, stampOf: (offset: number) => Stamp): number {
  const { maxRecords, maxAge, maxBytes, now } = retention
  let first = Math.max(life.first, life.head - Math.floor(maxRecords) + 1)
  if (first > life.head) return first
  if (life.total - life.forgotten > maxBytes) {
    const over = (offset: number) => life.total - stampOf(offset).total > maxBytes
    // The newest record stays however large it is, or no tail would ever see it.
    first = Math.min(firstWithout(over, first - 1, life.head - 1, life.first - 1) + 1, life.head)
  }
  if (maxAge === Number.POSITIVE_INFINITY) return first
  const oldest = now() - maxAge
  return firstWithout((offset) => stampOf(offset).appended < oldest, first, life.head)
}

/**
 * The first offset from `from` to `to` for which a condition does not hold, or `to + 1`. The condition holds for some
 * offsets and then for none. It is taken to hold at `known`, which cannot be asked.
 */
function firstWithout(holds: (offset: number) => boolean, from: number, to: number, known?: number): number {
  // Doubled steps first: what is looked for is nearly always close by.
  let low = from - 1
  let high = to + 1
  for (let step = 1; low + step <= to; step *= 2) {
    const offset = low + step
    if (offset !== known && !holds(offset)) {
      high = offset
      break
    }
    low = offset
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (middle === known || holds(middle)) low = middle
    else high = middle
  }
  return high
}
