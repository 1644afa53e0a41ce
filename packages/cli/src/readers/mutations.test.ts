import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { assertSound, lines, read } from './read.fixture.ts'
import type { ReadDocument } from './read-document.ts'
import { validDocuments } from './valid-documents.fixture.ts'

// Whatever is done to a document, reading it ends with a contract that can be made, or an error, and each problem has a place.

const runs = Number(process.env.RUNS ?? 50)

type Files = Readonly<Record<string, unknown>>
type Path = readonly (string | number)[]

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]))]
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((current, key) => (current as Record<string, unknown>)[key], value)
}

/** The same value, with what is at a path replaced, or removed. */
function changed(value: unknown, [key, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value)
  const entries = Object.entries(value as object).flatMap(([name, child]) => {
    if (name !== String(key)) return [[name, child]]
    const next = changed(child, rest, change)
    return next === undefined ? [] : [[name, next]]
  })
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries)
}

const junk = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1.5,
  '',
  'text',
  '#',
  '#/',
  '/',
  '{',
  '[',
  [],
  {},
  [[]],
  { $ref: '#' },
  { $ref: '#/gone/a/b' },
  { $ref: 'gone.yaml' },
  { $ref: 7 },
  { $ref: 'https://example.com' },
  { '': {} },
  { constructor: 1, toString: {} },
  { oneOf: [] },
  { oneOf: [{}], anyOf: [{}] },
  { type: 'object', properties: { a: { $ref: '#' } } },
  { const: { event: 'x', data: 1 } },
)

interface Mutation {
  readonly kind: 'delete' | 'replace' | 'move' | 'wrap' | 'rename' | 'nest'
  readonly at: number
  readonly from: number
  readonly value: unknown
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('delete', 'replace', 'move', 'wrap', 'rename', 'nest'),
  at: fc.nat(),
  from: fc.nat(),
  value: junk,
})

function mutate(files: Files, { kind, at, from, value }: Mutation): Files {
  const paths = pathsIn(files).filter((path) => path.length > 1)
  const pick = (index: number) => paths[index % paths.length] as Path
  const path = pick(at)
  const other = valueAt(files, pick(from))
  const change = (old: unknown): unknown => {
    switch (kind) {
      case 'delete':
        return undefined
      case 'replace':
        return value
      case 'move':
        return other
      case 'wrap':
        return from % 2 === 0 ? [old] : { oneOf: [old, other] }
      case 'rename':
        return isRecord(old)
          ? Object.fromEntries(
              Object.entries(old).map(([key, child], index) => [index === 0 ? `${key}/x ` : key, child]),
            )
          : old
      case 'nest':
        return isRecord(old) ? { ...old, ...(isRecord(other) ? other : { $ref: '#' }) } : other
    }
  }
  return changed(files, path, change) as Files
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function check({ model, problems }: ReadDocument, names: readonly string[]): void {
  for (const { file, pointer, line, message } of problems) {
    expect(names).toContain(file)
    expect(pointer).toMatch(/^#(\/|$)/)
    expect(line).toBeGreaterThanOrEqual(1)
    expect(message).not.toBe('')
  }
  const isRefused = problems.some(({ severity }) => severity === 'error')
  expect(model === undefined, lines(problems).join('\n')).toBe(isRefused)
  if (model === undefined) return
  assertSound(model)
  for (const { events } of model.channels) {
    for (const { name } of events) expect(name).toMatch(/^(?!(error|open|message)$)[A-Za-z_][A-Za-z0-9_.-]*$/)
  }
}

test.each(Object.keys(validDocuments))('%s is read without a fault', async (name) => {
  const files = validDocuments[name] as Readonly<Record<string, object>>
  const { model, problems } = await read(files['api.yaml'] as object, files)
  check({ model, problems, placeOf: () => undefined }, Object.keys(files))
  expect(problems.filter(({ message }) => /lead|must be|should be/.test(message))).toEqual([])
})

test.each(Object.keys(validDocuments))('%s, spoilt', async (name) => {
  const original = validDocuments[name] as Files
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
      const files = mutations.reduce(mutate, original)
      const entry = files['api.yaml']
      const others = Object.entries(files).map(([path, value]) => [path, JSON.stringify(value) ?? ''])
      const result = await read(JSON.stringify(entry) ?? '', Object.fromEntries(others))
      check(result, Object.keys(original))
    }),
    { numRuns: runs },
  )
})

test('text, spoilt', async () => {
  const texts = Object.values(validDocuments).map((files) => stringify(files['api.yaml']))
  const cut = fc.record({
    text: fc.constantFrom(...texts),
    at: fc.nat(),
    length: fc.nat(20),
    put: fc.constantFrom('', ' ', '\t', '\n', ':', '- ', '{', '"', '*a', '&a ', '!!x ', '\u0000', '%', '#'),
  })
  await fc.assert(
    fc.asyncProperty(cut, async ({ text, at, length, put }) => {
      const start = at % text.length
      const result = await read(`${text.slice(0, start)}${put}${text.slice(start + length)}`)
      check(result, ['api.yaml'])
    }),
    { numRuns: runs * 2 },
  )
})
