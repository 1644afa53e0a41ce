import { expect, it } from 'vitest'
import { LineRate } from './line-rate.ts'

it('counts by second and moves on with time', () => {
  const rate = new LineRate(4, 10_000)
  rate.add(2, 1, 10_100, 10_200)
  rate.add(1, 0, 10_900, 10_900)
  rate.add(5, 0, 99_000, 12_000)
  expect(rate.bars(12_500).map((bar) => bar.lines)).toEqual([0, 3, 0, 5])
  expect(rate.bars(12_500)[1]?.errors).toBe(1)
  expect(rate.bars(14_000).map((bar) => bar.lines)).toEqual([0, 5, 0, 0])
  expect(rate.bars(9_000_000).map((bar) => bar.lines)).toEqual([0, 0, 0, 0])
})

it('takes the mean of whole seconds, and is not moved by a clock that goes back', () => {
  const rate = new LineRate(60, 0)
  for (let second = 1; second <= 5; second += 1) rate.add(second, 0, second * 1000, 5000)
  expect(rate.perSecond(6000)).toBe(3)
  rate.add(1, 0, 6000, 2000)
  expect(rate.bars(6000).at(-1)?.lines).toBe(1)
})

it('leaves out what happened before its first second', () => {
  const rate = new LineRate(3, 10_000)
  rate.add(9, 9, 1000, 10_000)
  expect(rate.bars(10_000).map((bar) => bar.lines)).toEqual([0, 0, 0])
})
