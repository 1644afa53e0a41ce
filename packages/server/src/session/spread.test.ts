import { expect, it } from 'vitest'
import { ManualClock } from '../fixtures/manual-clock.fixture.ts'
import { spread } from './spread.ts'

it('does the first at once, and the others evenly', () => {
  const clock = new ManualClock()
  const done: number[] = []
  spread([1, 2, 3, 4], 1_000, clock, (member) => done.push(member))
  const counts = [done.length]
  for (const time of [249, 1, 250, 250]) {
    clock.advance(time)
    counts.push(done.length)
  }
  expect(counts).toEqual([1, 1, 2, 3, 4])
  expect(clock.timers).toBe(0)
})

it('does several at once rather than ask for a timer each', () => {
  const clock = new ManualClock()
  const done: number[] = []
  spread(
    Array.from({ length: 1_000 }, (_, index) => index),
    100,
    clock,
    (member) => done.push(member),
  )
  clock.advance(50)
  expect(done).toHaveLength(501)
  clock.advance(50)
  expect(done).toHaveLength(1_000)
})

it('does all at once without any time, nothing for nobody, and no more once it is stopped', () => {
  const clock = new ManualClock()
  const done: number[] = []
  const act = (member: number) => done.push(member)
  spread([1, 2, 3], 0, clock, act)
  spread([], 1_000, clock, act)
  expect([done, clock.timers]).toEqual([[1, 2, 3], 0])
  const stop = spread([4, 5], 1_000, clock, act)
  stop()
  clock.advance(1_000)
  expect([done, clock.timers]).toEqual([[1, 2, 3, 4], 0])
})
