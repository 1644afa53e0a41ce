import { expect, it } from 'vitest'
import { fitsPattern } from './address.ts'

it.each([
  ['orders/42', 'orders/42', true],
  ['orders/42', 'orders/43', false],
  ['orders/*', 'orders/42', true],
  ['*', 'news', true],
  ['*/*', 'orders/42', true],
  ['orders/*', 'orders', false],
  ['orders/*', 'orders/42/lines', false],
  ['orders/*/lines', 'orders/42/notes', false],
  ['orders/%2A', 'orders/42', false],
])('%s stands for %s: %s', (pattern, address, fits) => {
  expect(fitsPattern(pattern.split('/'), address.split('/'))).toBe(fits)
})
