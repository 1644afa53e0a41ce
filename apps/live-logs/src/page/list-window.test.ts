import { expect, it } from 'vitest'
import { listWindow, scrollToShow } from './list-window.ts'

const view = { scrollTop: 0, height: 100, rowHeight: 20, count: 1000, beyond: 2 }

it.each([
  [{}, 0, 7],
  [{ scrollTop: 50 }, 0, 10],
  [{ scrollTop: 400 }, 18, 27],
  [{ scrollTop: 19_900 }, 993, 1000],
  [{ scrollTop: 99_999 }, 1000, 1000],
  [{ count: 3 }, 0, 3],
  [{ count: 0 }, 0, 0],
])('%j shows %i up to %i', (change, first, end) => {
  expect(listWindow({ ...view, ...change })).toEqual({ first, end })
})

it('scrolls no further than it must', () => {
  const at = { scrollTop: 100, height: 100, rowHeight: 20 }
  expect([4, 5, 9, 10].map((index) => scrollToShow(index, at))).toEqual([80, 100, 100, 120])
})
