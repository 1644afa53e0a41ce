import { expect, it } from 'vitest'
import { wrap } from './wrap.ts'

it.each([
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 8, ['one two', 'three']],
  ['one two three', Number.POSITIVE_INFINITY, ['one two three']],
  ['incomprehensible words', 5, ['incomprehensible', 'words']],
  ['', 5, ['']],
])('wraps %j at %d', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines)
})
