import { describe, expect, it } from 'vitest'
import type { JsonSchema } from '../model/json-schema.ts'
import { type Accepts, compileBoth, decodes, type Validators } from './testing/differential.fixture.ts'
import { createRandom } from './testing/random.fixture.ts'
import { randomDefinitions } from './testing/random-schema.fixture.ts'
import { likelyValue, randomValue } from './testing/random-value.fixture.ts'

const flavours = ['zod', 'mini'] as const
const seeds = Array.from({ length: 48 }, (_, index) => index + 1)
const valuesOfEach = 32

describe.each(flavours)('what is written in %s', (flavour) => {
  it('accepts at random what ajv accepts', () => {
    let [accepted, refused] = [0, 0]
    for (const seed of seeds) {
      const random = createRandom(seed)
      const definitions = randomDefinitions(random, 8, 3)
      const dates = random.chance(0.5) ? 'codec' : 'string'
      const { schemas, ajv } = compileBoth(definitions, { flavour, dates })
      for (const [name, schema] of schemas) {
        for (let count = 0; count < valuesOfEach; count += 1) {
          const value = random.chance(0.85)
            ? likelyValue(random, definitions[name] ?? true, definitions, 4)
            : randomValue(random, 2)
          const expected = judge(ajv.get(name), value)
          if (expected === undefined) continue
          const same = decodes(schema, value) === expected
          expect(same, same ? '' : JSON.stringify({ seed, name, value, expected, definitions })).toBe(true)
          if (expected) accepted += 1
          else refused += 1
        }
      }
    }
    // Half of the work: the other flavour has as many.
    expect(accepted + refused).toBeGreaterThan(12_000)
    expect(Math.min(accepted, refused)).toBeGreaterThan(4000)
  })

  it.each(Object.entries(formats))('has the format %s', (format, texts) => {
    const { schemas, ajv } = compileBoth({ S1: { type: 'string', format } }, { flavour })
    for (const text of texts)
      expect({ [text]: taken(schemas, text) }).toEqual({ [text]: ajv.get('S1')?.(text) })
  })

  // The same table as in docs/zod-from-json-schema.md, where each has its reason.
  it.each(differences)('differs from ajv: $what', ({ schema, value, ajv, zod }) => {
    const both = compileBoth({ S1: schema }, { flavour })
    expect({ ajv: both.ajv.get('S1')?.(value), zod: taken(both.schemas, value) }).toEqual({ ajv, zod })
  })
})

function taken(schemas: Validators['schemas'], value: unknown): boolean {
  const schema = schemas.get('S1')
  return schema !== undefined && decodes(schema, value)
}

/** What ajv says; `undefined` where its own code is at fault, and throws. */
function judge(accepts: Accepts | undefined, value: unknown): boolean | undefined {
  try {
    return accepts?.(value)
  } catch {
    return undefined
  }
}

const formats: Readonly<Record<string, readonly string[]>> = {
  'date-time': [
    '2024-01-02T03:04:05Z',
    '2024-01-02T03:04:05.123456Z',
    '2024-01-02T03:04:05+01:00',
    '2024-01-02T03:04:05-00:00',
    '2024-01-02T03:04:05+24:00',
    '2024-01-02T03:04:05',
    '2024-01-02T03:04Z',
    '2024-01-02T24:00:00Z',
    '2024-02-30T00:00:00Z',
    '12024-01-02T03:04:05Z',
    '2024-01-02',
    '',
  ],
  date: ['2024-02-29', '2023-02-29', '2024-13-01', '2024-1-1', '20240101', ''],
  time: ['12:00:00Z', '12:00:00z', '12:00:00.5+01:00', '12:00:00', '24:00:00Z', '12:00Z', ''],
  duration: ['P1D', 'P1W', 'PT1H', 'P1Y2M3DT4H5M6S', 'P', 'PT', 'P1.5D', 'P1W2D', '-P1D', 'p1d', 'P1H', ''],
  email: [
    'a@b.de',
    'a.b+c@example.org',
    "o'neil@x.org",
    'a@b',
    'a@b..de',
    '.a@b.de',
    'a b@c.de',
    '@b.de',
    '',
  ],
  hostname: ['example.org', 'a', 'A.B', '1.2', 'xn--ls8h.la', '-a', 'a-', 'a_b', 'a..b', 'x'.repeat(64), ''],
  ipv4: ['127.0.0.1', '255.255.255.255', '256.0.0.1', '1.2.3', '1.2.3.4.5', ''],
  ipv6: ['::', '::1', '2001:db8::1', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8', '1::2::3', '12345::', '[::1]', ''],
  uri: [
    'http://a.de/b?c#d',
    'urn:x:y',
    'mailto:a@b.de',
    'data:,x',
    'file:///a',
    'http://[::1]/',
    '/a',
    'a',
    '',
  ],
  'uri-reference': ['/a', 'a', '#x', '?q', '//h', 'http://a.de', '', 'a b', '%zz'],
  'uri-template': ['/a/{b}', '/{b*}', '/{?q,r}', '{+x}', '{', 'a b'],
  uuid: [
    '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    '3F2504E0-4F89-11D3-9A0C-0305E82C3301',
    '00000000-0000-0000-0000-000000000000',
    '3f2504e04f8911d39a0c0305e82c3301',
    '',
  ],
  'json-pointer': ['', '/a', '/a~0', 'a', '/a~', '/~2', '#/a'],
  'relative-json-pointer': ['0', '1/a', '0#', '01', '/a', '-1', ''],
  byte: ['YQ==', 'YWI=', '', 'YQ', 'Y', 'a b'],
  'unheard-of': ['', 'anything'],
}

interface Difference {
  readonly what: string
  readonly schema: JsonSchema
  readonly value: unknown
  readonly ajv: boolean
  readonly zod: boolean
}

const differences: readonly Difference[] = [
  ...['2024-01-02t03:04:05z', '2024-01-02 03:04:05Z', '2024-01-02T03:04:05+0100', '2024-01-02T23:59:60Z'].map(
    (value) => ({
      what: value,
      schema: text('date-time'),
      value,
      ajv: true,
      zod: false,
    }),
  ),
  { what: 'a leap second', schema: text('time'), value: '23:59:60Z', ajv: true, zod: false },
  { what: 'fractions in a duration', schema: text('duration'), value: 'PT1.5S', ajv: false, zod: true },
  { what: 'rare characters in an email', schema: text('email'), value: 'a!b@x.org', ajv: true, zod: false },
  { what: 'an IRI', schema: text('uri'), value: 'http://ä.de', ajv: false, zod: true },
  { what: 'spaces around a URI', schema: text('uri'), value: ' http://a.de', ajv: false, zod: true },
  { what: 'a URI without host', schema: text('uri'), value: 'http://', ajv: true, zod: false },
  {
    what: 'a URN of a UUID',
    schema: text('uuid'),
    value: `urn:uuid:${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`,
    ajv: true,
    zod: false,
  },
  { what: 'a local URL', schema: text('url'), value: 'http://localhost', ajv: false, zod: true },
  { what: 'a regular expression', schema: text('regex'), value: '(', ajv: false, zod: true },
  { what: 'an integer that is not safe', schema: { type: 'integer' }, value: 2 ** 53, ajv: true, zod: false },
  { what: 'a member named __proto__', schema: { required: ['__proto__'] }, value: {}, ajv: false, zod: true },
  {
    what: 'values under __proto__',
    schema: { additionalProperties: { type: 'string' } },
    value: JSON.parse('{"__proto__":1}'),
    ajv: false,
    zod: true,
  },
  { what: 'an inherited member', schema: { required: ['constructor'] }, value: {}, ajv: false, zod: true },
]

function text(format: string): JsonSchema {
  return { type: 'string', format }
}
