import { expect, it } from 'vitest'
import { StallWatch } from './stall-watch.ts'

/** Looks every 100 ms, and gives the time of the first look that finds a stall. */
function stalledAt(watch: StallWatch, buffered: (now: number) => number, from: number, to: number) {
  for (let now = from; now <= to; now += 100) if (watch.isStalled(buffered(now), now)) return now
  return undefined
}

it('is not stalled while nothing waits, however long that is', () => {
  const watch = new StallWatch(1_000, 0)
  watch.wrote(100)
  expect(stalledAt(watch, () => 0, 100, 100_000)).toBeUndefined()
})

it('is stalled once bytes have waited for the whole time and none has left', () => {
  const watch = new StallWatch(1_000, 0)
  expect(watch.isStalled(0, 500)).toBe(false)
  watch.wrote(100)
  expect(stalledAt(watch, () => 100, 600, 5_000)).toBe(1_500)
})

it('begins anew with every byte that leaves', () => {
  const watch = new StallWatch(1_000, 0)
  watch.wrote(100)
  expect(stalledAt(watch, (now) => (now < 900 ? 100 : now < 1_800 ? 99 : 98), 100, 5_000)).toBe(2_800)
})

it('sees bytes leave while as many come', () => {
  const watch = new StallWatch(1_000, 0)
  const buffered = (now: number) => {
    if (now % 900 === 0) watch.wrote(50)
    return 50
  }
  watch.wrote(50)
  expect(stalledAt(watch, buffered, 0, 20_000)).toBeUndefined()
})

it('does not take more bytes for progress', () => {
  const watch = new StallWatch(1_000, 0)
  let waiting = 0
  const buffered = () => {
    watch.wrote(100)
    waiting += 100
    return waiting
  }
  expect(stalledAt(watch, buffered, 100, 5_000)).toBe(1_000)
})

it('lets framing that nobody counted pass', () => {
  const watch = new StallWatch(1_000, 0)
  watch.wrote(100)
  expect(stalledAt(watch, (now) => (now < 600 ? 112 : 60), 100, 5_000)).toBe(1_600)
})

it('does not blame a socket for the time in which the process itself stood still', () => {
  const watch = new StallWatch(1_000, 0)
  watch.wrote(100)
  expect(watch.isStalled(100, 100)).toBe(false)
  // An hour's sleep. Then the socket is heard, and has taken what waited.
  expect(watch.isStalled(100, 3_600_100)).toBe(false)
  expect(watch.isStalled(0, 3_600_200)).toBe(false)
  // Nor does such a sleep save one that takes nothing.
  watch.wrote(100)
  expect(watch.isStalled(100, 7_200_000)).toBe(false)
  expect(stalledAt(watch, () => 100, 7_200_100, 7_300_000)).toBe(7_200_800)
})
