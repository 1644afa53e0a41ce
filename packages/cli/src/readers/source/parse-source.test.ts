import { expect, test } from 'vitest'
import { createProblems } from '../problems.ts'
import { lines } from '../read.fixture.ts'
import { parseSource } from './parse-source.ts'

function parse(text: string, path = 'a.yaml') {
  const problems = createProblems()
  const file = parseSource(path, text, problems)
  return { file, value: file?.value, told: lines(problems.list) }
}

test('YAML and JSON give the same value', () => {
  expect(parse('a: 1\nb: [x, null, true]').value).toEqual({ a: 1, b: ['x', null, true] })
  expect(parse('{"a": 1,\t"b": ["x", null, true]}', 'a.json').value).toEqual({ a: 1, b: ['x', null, true] })
  expect(parse('\uFEFF{"a": 1}').value).toEqual({ a: 1 })
  expect(parse('a: 1\r\nb: 2\r\n').value).toEqual({ a: 1, b: 2 })
})

test('a value knows its line, and the text that its author wrote', () => {
  const { file } = parse('info:\n  version: 1.0\nchannels:\n  a/b:\n    - one\n    - two\n')
  expect(file?.lineOf([])).toBe(1)
  expect(file?.lineOf(['info', 'version'])).toBe(2)
  expect(file?.lineOf(['channels', 'a/b'])).toBe(4)
  expect(file?.lineOf(['channels', 'a/b', '1'])).toBe(6)
  expect(file?.lineOf(['channels', 'a/b', '1', 'not', 'there'])).toBe(6)
  expect(file?.textOf(['info', 'version'])).toBe('1.0')
  expect(file?.textOf(['info'])).toBeUndefined()
  expect(file?.textOf(['info', 'nothing'])).toBeUndefined()
})

test('anchors, aliases and merge keys are resolved, with the lines of where they stand', () => {
  const { file, value, told } = parse(
    'base: &base\n  a: 1\n  b: 2\nthing:\n  <<: *base\n  b: 3\nagain: *base\n',
  )
  expect(value).toEqual({ base: { a: 1, b: 2 }, thing: { b: 3, a: 1 }, again: { a: 1, b: 2 } })
  expect(file?.lineOf(['thing', 'a'])).toBe(2)
  expect(file?.lineOf(['thing', 'b'])).toBe(6)
  expect(told).toEqual([])
})

test('keys become strings as their author wrote them', () => {
  expect(parse('200: a\n1.0: b\ntrue: c\n"__proto__": d').value).toEqual(
    Object.fromEntries([
      ['200', 'a'],
      ['1.0', 'b'],
      ['true', 'c'],
      ['__proto__', 'd'],
    ]),
  )
})

test('what JSON does not have is told', () => {
  const { value, told } = parse('a: .inf\nb: !!binary aGk=\n')
  expect(value).toEqual({ a: '.inf', b: 'aGk=' })
  expect(told).toEqual([
    'warning a.yaml:1 #/a ".inf" is no JSON value; it is read as a string',
    expect.stringContaining('warning a.yaml:2 #/b'),
  ])
})

test('a key that stands twice is told: as a loss where the values differ', () => {
  const { value, told } = parse('a:\n  x: 1\n  y: 2\n  x: 3\nb: 1\nb: 1\n')
  expect(value).toEqual({ a: { x: 3, y: 2 }, b: 1 })
  expect(told).toEqual([
    'loss a.yaml:4 #/a/x the key "x" stands here twice; only the last is read',
    'warning a.yaml:6 #/b the key "b" stands here twice; both say the same',
  ])
})

test('tabs in the indentation are read as spaces, with a warning', () => {
  const { value, told } = parse('a:\n\tb: 1\n\tc:\n\t\td: 2\n')
  expect(value).toEqual({ a: { b: 1, c: { d: 2 } } })
  expect(told).toEqual(['warning a.yaml:2 # YAML is not indented with tabs; each is read as two spaces'])
})

test('JSON with comments and commas too many is read, with a warning', () => {
  const { value, told } = parse('{\n  // why\n  "a": "http://x", /* b */ "c": [1, 2,],\n}', 'a.json')
  expect(value).toEqual({ a: 'http://x', c: [1, 2] })
  expect(told).toEqual([expect.stringContaining('warning a.json:1 # this is not strict JSON')])
})

test('an alias that contains itself, or has no anchor, is told', () => {
  expect(parse('a: &a\n  b: *a\n').told).toEqual([
    'loss a.yaml:2 #/a/b the alias "*a" contains itself; it is read as null',
  ])
  expect(parse('a: *b\n').told).toEqual([
    'loss a.yaml:1 #/a the alias "*b" stands before its anchor, or has none; it is read as null',
  ])
})

test('the first of several documents is read', () => {
  const { value, told } = parse('a: 1\n---\nb: 2\n')
  expect(value).toEqual({ a: 1 })
  expect(told).toEqual([expect.stringContaining('several documents; only the first is read')])
})

test.each([
  ['', 'error a.yaml:1 # the file is empty'],
  ['# only a comment', 'error a.yaml:1 # the file is empty'],
  [
    'a: 1\nb: c: d\n',
    'error a.yaml:2 # this is neither YAML nor JSON: Nested mappings are not allowed in compact mappings',
  ],
  ['a:\n  - b\n c: 1\n', expect.stringContaining('error a.yaml:3 # this is neither YAML nor JSON')],
  ['a: [1, 2\nb: 3\n', expect.stringMatching(/^error a\.yaml:\d # this is neither/)],
])('%j is refused with its line', (text, told) => {
  expect(parse(text)).toMatchObject({ file: undefined, told: [told] })
})

test('absurd nesting and aliases that explode are refused', () => {
  const nested = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
  expect(parse(nested).told).toEqual([expect.stringContaining('nested')])
  const levels = Array.from(
    { length: 12 },
    (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(9)}*l${level}]`,
  )
  expect(parse(`l0: &l0 [x]\n${levels.join('\n')}`).told).toEqual([expect.stringContaining('aliases expand')])
})
