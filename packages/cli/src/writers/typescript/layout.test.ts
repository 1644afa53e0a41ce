import { expect, it } from 'vitest'
import { type Layout, printLayout } from './layout.ts'
import { call, comment, literal, objectOf, propertyName, quote } from './source-text.ts'

const long = 'x'.repeat(60)

it.each<[string, Layout, string]>([
  ['one line where it fits', ['a = ', objectOf(['b: 1', 'c: 2'])], 'a = { b: 1, c: 2 }'],
  [
    'lines where it does not',
    ['a = ', objectOf([`b: ${long}`, `c: ${long}`])],
    `a = {\n  b: ${long},\n  c: ${long},\n}`,
  ],
  ['types without commas', objectOf([`b: ${long}`, `c: ${long}`], ';'), `{\n  b: ${long}\n  c: ${long}\n}`],
  ['a union', ['type A = ', { operator: '|', operands: [long, long] }], `type A =\n  | ${long}\n  | ${long}`],
  ['nothing in it', ['a = ', objectOf([])], 'a = {}'],
  [
    'a last object',
    call('f', "'a'", objectOf([`b: ${long}`, `c: ${long}`])),
    `f('a', {\n  b: ${long},\n  c: ${long},\n})`,
  ],
  ['a comment above', objectOf([['/** b */\n', 'b: 1']], ';'), '{\n  /** b */\n  b: 1\n}'],
])('breaks into %s', (_, layout, expected) => {
  expect(printLayout(layout)).toBe(expected)
})

it.each([
  ["it's", `"it's"`],
  ['"', `'"'`],
  [`'"`, `'\\'"'`],
  ['a\\b\n\u2028', `'a\\\\b\\n\u2028'`],
])('quotes %j', (text, source) => {
  expect(quote(text)).toBe(source)
})

it('writes keys and values as source', () => {
  expect(['a', 'a-b', '__proto__', '1', 'größe'].map(propertyName)).toEqual([
    'a',
    "'a-b'",
    "['__proto__']",
    "'1'",
    'größe',
  ])
  expect(printLayout(literal({ a: [1, null, 'x'], 'b-c': { d: false } }))).toBe(
    "{ a: [1, null, 'x'], 'b-c': { d: false } }",
  )
})

it('writes comments that end where they should', () => {
  expect(comment(undefined, undefined)).toBe('')
  expect(comment('One', undefined)).toBe('/** One */\n')
  expect(comment('One */ two\n\n\nthree', true)).toBe(
    '/**\n * One *\\/ two\n *\n * three\n * @deprecated\n */\n',
  )
})
