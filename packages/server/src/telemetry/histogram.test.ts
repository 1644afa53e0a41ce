import { expect, it } from 'vitest'
import { Histogram } from './histogram.ts'

it('counts a value in the first bucket whose bound it does not exceed', () => {
  const histogram = new Histogram([1, 10])
  for (const value of [0, 1, 1.5, Number.NaN, 10, Number.POSITIVE_INFINITY, 11, 1000]) histogram.record(value)
  expect(histogram.read()).toEqual({ bounds: [1, 10], counts: [2, 2, 2], sum: 1023.5 })
})

it('gives what it was, whatever comes later', () => {
  const histogram = new Histogram([1])
  const before = histogram.read()
  histogram.record(1)
  expect(before).toEqual({ bounds: [1], counts: [0, 0], sum: 0 })
})
