import { expect, it } from 'vitest'
import { readCookie } from './cookie.ts'

it.each([
  ['session=x', 'x'],
  ['a=1; session=x; b=2', 'x'],
  ['a=1;session=x', 'x'],
  ['session="x"', 'x'],
  ['session=a%20b', 'a b'],
  ['session=100%', '100%'],
  ['session=a=b', 'a=b'],
  ['session=', ''],
  ['session=first; session=second', 'first'],
  ['mysession=x', undefined],
  ['session', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s', (header, expected) => {
  expect(readCookie(header, 'session')).toBe(expected)
})
