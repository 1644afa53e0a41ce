import { expect, it } from 'vitest'
import { printable } from './printable.ts'

it.each([
  ['plain\ttext 🌊', 'plain\ttext 🌊'],
  ['\u001b[1;31merror\u001b[0m done', 'error done'],
  ['\u001b]0;title\u0007text', 'text'],
  ['a\0b\rc\u007f', 'a␀b␍c␡'],
  ['\u001b', '␛'],
])('%j', (text, shown) => {
  expect(printable(text)).toBe(shown)
})
