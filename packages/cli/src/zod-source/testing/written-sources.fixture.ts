import type { JsonSchema } from '../../model/json-schema.ts'

/** Definitions and what is written for them, before the contract. */
export interface WrittenSource {
  readonly what: string
  /** @default 'zod' */
  readonly flavour?: 'mini'
  readonly definitions: Readonly<Record<string, JsonSchema>>
  readonly source: string
}

const text: JsonSchema = { type: 'string' }

export const writtenSources: readonly WrittenSource[] = [
  {
    what: 'flat objects, with what may be left out',
    definitions: {
      User: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 80 },
          mail: { type: 'string', format: 'email' },
          age: { type: 'integer', minimum: 0, maximum: 150 },
          'home-page': { type: 'string', format: 'uri' },
          score: { type: 'number', exclusiveMinimum: 0, multipleOf: 0.5 },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 5, uniqueItems: true },
        },
        required: ['name', 'mail'],
      },
    },
    source: `
export const user = z
  .object({
    name: z.string().min(1).max(80),
    mail: z.email(),
    age: z.int().nonnegative().max(150).optional(),
    'home-page': z.url().optional(),
    score: z.number().positive().multipleOf(0.5).optional(),
    tags: z
      .array(z.string())
      .max(5)
      .refine((items) => new Set(items).size === items.length, 'Invalid input: items must be unique')
      .optional()
      .meta({ uniqueItems: true }),
  })
  .meta({ id: 'User' })
`,
  },
  {
    what: 'closed, open and empty objects, and records',
    definitions: {
      Closed: { type: 'object', properties: { a: {} }, additionalProperties: false },
      Open: {
        type: 'object',
        properties: { a: { type: 'null' } },
        required: ['a'],
        additionalProperties: true,
      },
      Rest: { type: 'object', properties: { a: true }, additionalProperties: { type: 'boolean' } },
      Any: { type: 'object' },
      Record: { type: 'object', additionalProperties: { type: 'integer' } },
      Keys: {
        type: 'object',
        additionalProperties: { type: 'integer' },
        propertyNames: { enum: ['x', 'y'] },
      },
      Some: { type: 'object', additionalProperties: { type: 'string' }, minProperties: 1 },
    },
    source: `
export const closed = z.strictObject({ a: z.unknown().optional() }).meta({ id: 'Closed' })

export const open = z.looseObject({ a: z.null() }).meta({ id: 'Open' })

export const rest = z.object({ a: z.unknown().optional() }).catchall(z.boolean()).meta({ id: 'Rest' })

export const anySchema = z.record(z.string(), z.unknown()).meta({ id: 'Any' })

export const record = z.record(z.string(), z.int()).meta({ id: 'Record' })

export const keys = z.partialRecord(z.enum(['x', 'y']), z.int()).meta({ id: 'Keys' })

export const some = z
  .record(z.string(), z.string())
  .refine((value) => Object.keys(value).length >= 1, 'Invalid input: number of keys')
  .meta({ id: 'Some', minProperties: 1 })
`,
  },
  {
    what: 'enums, constants and null',
    definitions: {
      Color: { enum: ['red', 'green', 'blue'] },
      Mixed: { enum: ['auto', 0, true, null] },
      One: { const: 'one' },
      Nothing: { type: 'null' },
      Name: { type: ['string', 'null'] },
      Either: { type: ['string', 'integer'] },
      Pair: { const: { a: [1] } },
      Several: { type: 'integer', enum: [1, 2.5, 'x', 30] },
    },
    source: `
export const color = z.enum(['red', 'green', 'blue']).meta({ id: 'Color' })

export const mixed = z.literal(['auto', 0, true]).nullable().meta({ id: 'Mixed' })

export const one = z.literal('one').meta({ id: 'One' })

export const nothing = z.null().meta({ id: 'Nothing' })

export const name = z.string().nullable().meta({ id: 'Name' })

export const either = z.union([z.string(), z.int()]).meta({ id: 'Either' })

export const pair = z.strictObject({ a: z.tuple([z.literal(1)]) }).meta({ id: 'Pair' })

export const several = z.literal([1, 30]).meta({ id: 'Several' })
`,
  },
  {
    what: 'dates and other codecs',
    definitions: {
      Times: {
        type: 'object',
        properties: {
          at: { type: 'string', format: 'date-time' },
          day: { type: 'string', format: 'date' },
          maybe: { type: ['string', 'null'], format: 'date-time' },
          big: { type: 'string', pattern: '^-?\\d+$', 'x-codec': 'bigint' },
          page: { type: 'string', format: 'uri', 'x-codec': 'url' },
          bytes: { type: 'string', format: 'base64', 'x-codec': 'bytes' },
          ids: { type: 'array', items: { type: 'string' }, 'x-codec': 'set' },
          sums: {
            type: 'array',
            items: {
              type: 'array',
              prefixItems: [{ type: 'string' }, { type: 'integer' }],
              items: false,
              minItems: 2,
            },
            'x-codec': 'map',
          },
          own: { type: 'string', 'x-codec': 'custom' },
        },
        required: ['at', 'sums'],
      },
    },
    source: `
export const times = z
  .object({
    at: isoDate,
    day: z.iso.date().optional(),
    maybe: z.nullable(isoDate).optional(),
    big: z.optional(bigintText),
    page: z.optional(urlText),
    bytes: z.optional(base64Bytes),
    ids: z.optional(setItems(z.string())),
    sums: mapEntries(z.string(), z.int()),
    own: z.string().optional(),
  })
  .meta({ id: 'Times' })
`,
  },
  {
    what: 'discriminated unions, and others',
    definitions: {
      Shape: {
        oneOf: [{ $ref: '#/$defs/Circle' }, { $ref: '#/$defs/Square' }],
        discriminator: { propertyName: 'kind' },
      },
      Circle: {
        type: 'object',
        properties: { kind: { const: 'circle' }, radius: { type: 'number' } },
        required: ['kind', 'radius'],
      },
      Square: {
        type: 'object',
        properties: { kind: { const: 'square' }, side: { type: 'number' } },
        required: ['kind', 'side'],
      },
      Any: {
        anyOf: [
          { type: 'object', properties: { a: { type: 'string' } } },
          { type: 'object', properties: { b: { type: 'string' } } },
        ],
      },
      One: {
        oneOf: [
          { type: 'object', properties: { a: {} }, required: ['a'] },
          { type: 'object', properties: { b: {} }, required: ['b'] },
        ],
      },
      Maybe: { oneOf: [{ $ref: '#/$defs/Circle' }, { type: 'null' }] },
    },
    source: `
export const circle = z.object({
  kind: z.literal('circle'),
  radius: z.number(),
})

export const square = z.object({
  kind: z.literal('square'),
  side: z.number(),
})

export const shape = z.discriminatedUnion('kind', [circle, square]).meta({ id: 'Shape' })

export const anySchema = z
  .union([z.object({ a: z.string().optional() }), z.object({ b: z.string().optional() })])
  .meta({ id: 'Any' })

export const one = z.xor([z.object({ a: z.unknown() }), z.object({ b: z.unknown() })]).meta({ id: 'One' })

export const maybe = circle.nullable().meta({ id: 'Maybe' })
`,
  },
  {
    what: 'recursion by getters',
    definitions: {
      Tree: {
        type: 'object',
        properties: {
          label: { type: 'string' },
          children: { type: 'array', items: { $ref: '#/$defs/Tree' } },
          parent: { oneOf: [{ $ref: '#/$defs/Tree' }, { type: 'null' }] },
        },
        required: ['label', 'children'],
      },
    },
    source: `
export const tree = z.object({
  label: z.string(),
  get children() {
    return z.array(tree)
  },
  get parent() {
    return tree.nullable().optional()
  },
})
`,
  },
  {
    what: 'recursion through others',
    definitions: {
      Folder: {
        type: 'object',
        properties: { entries: { type: 'array', items: { $ref: '#/$defs/Entry' } } },
        required: ['entries'],
      },
      Entry: { anyOf: [{ $ref: '#/$defs/Folder' }, { $ref: '#/$defs/File' }] },
      File: {
        type: 'object',
        properties: { name: { type: 'string' }, folder: { $ref: '#/$defs/Folder' } },
        required: ['name'],
      },
    },
    source: `
export const folder = z.object({
  get entries() {
    return z.array(entry)
  },
})

export const file = z.object({
  name: z.string(),
  folder: folder.optional(),
})

export const entry = z.union([folder, file])
`,
  },
  {
    what: 'recursion outside of objects, with its type',
    definitions: {
      Json: {
        anyOf: [
          { type: ['string', 'number', 'boolean', 'null'] },
          { type: 'array', items: { $ref: '#/$defs/Json' } },
          { type: 'object', additionalProperties: { $ref: '#/$defs/Json' } },
        ],
      },
    },
    source: `
export type Json = string | number | boolean | Json[] | { [key: string]: Json } | null

export const json: z.ZodType<Json, Json> = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.lazy(() => json)),
    z.record(
      z.string(),
      z.lazy(() => json),
    ),
  ])
  .nullable()
  .meta({ id: 'Json' })
`,
  },
  {
    what: 'a definition with more said beside it, within itself',
    definitions: {
      Node: {
        type: 'object',
        properties: {
          next: { allOf: [{ $ref: '#/$defs/Node' }, { type: 'object', required: ['id'] }] },
          id: { type: 'string' },
        },
      },
    },
    source: `
export const node = z
  .object({
    get next() {
      return z
        .object({
          next: nodeNext.optional(),
          id: z.string(),
        })
        .optional()
    },
    id: z.string().optional(),
  })
  .meta({ id: 'Node' })

export const nodeNext = z
  .object({
    get next() {
      return nodeNext.optional()
    },
    id: z.string(),
  })
  .meta({ id: 'Node_next' })
`,
  },
  {
    what: 'allOf as an extension',
    definitions: {
      Person: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      Employee: {
        allOf: [
          { $ref: '#/$defs/Person' },
          {
            type: 'object',
            properties: { salary: { type: 'number' } },
            required: ['salary'],
          },
        ],
      },
      Merged: {
        allOf: [
          { type: 'object', properties: { a: { type: 'string', minLength: 1 } } },
          {
            type: 'object',
            properties: { a: { type: 'string', maxLength: 5 } },
            required: ['a'],
          },
        ],
      },
    },
    source: `
export const person = z.object({ name: z.string() }).meta({ id: 'Person' })

export const employee = person.extend({ salary: z.number() }).meta({ id: 'Employee' })

export const merged = z.object({ a: z.string().min(1).max(5) }).meta({ id: 'Merged' })
`,
  },
  {
    what: 'an object beside a union of objects',
    definitions: {
      Payment: {
        type: 'object',
        properties: { amount: { type: 'number' } },
        required: ['amount'],
        oneOf: [
          {
            type: 'object',
            properties: { by: { const: 'card' }, number: { type: 'string' } },
            required: ['by', 'number'],
          },
          { type: 'object', properties: { by: { const: 'cash' } }, required: ['by'] },
        ],
      },
    },
    source: `
export const payment = z
  .intersection(
    z.object({ amount: z.number() }),
    z.discriminatedUnion('by', [
      z.object({
        by: z.literal('card'),
        number: z.string(),
      }),
      z.object({ by: z.literal('cash') }),
    ]),
  )
  .meta({ id: 'Payment' })
`,
  },
  {
    what: 'tuples',
    definitions: {
      Pair: {
        type: 'array',
        prefixItems: [{ type: 'string' }, { type: 'number' }],
        items: false,
        minItems: 2,
      },
      Shorter: {
        type: 'array',
        prefixItems: [{ type: 'string' }, { type: 'number' }],
        items: false,
        minItems: 1,
      },
      Longer: {
        type: 'array',
        prefixItems: [{ type: 'string' }],
        items: { type: 'number' },
        minItems: 1,
      },
    },
    source: `
export const pair = z.tuple([z.string(), z.number()]).meta({ id: 'Pair' })

export const shorter = z.tuple([z.string(), z.number().exactOptional()]).meta({ id: 'Shorter' })

export const longer = z.tuple([z.string()], z.number()).check(z.minLength(1)).meta({ id: 'Longer' })
`,
  },
  {
    what: 'patterns of names',
    definitions: {
      Headers: {
        type: 'object',
        properties: { id: { type: 'string' } },
        patternProperties: { '^x-': { type: 'string' } },
        additionalProperties: false,
      },
      Numbers: {
        type: 'object',
        patternProperties: { '^\\d+$': { type: 'integer' } },
        additionalProperties: false,
      },
    },
    source: String.raw`
export const headers = z
  .looseObject({ id: z.string().optional() })
  .refine(members(['id'], [[/^x-/u, z.string()]], z.never()), 'Invalid input: a member does not fit its key')
  .meta({ id: 'Headers' })

export const numbers = z.record(z.string().regex(/^\d+$/u), z.int()).meta({ id: 'Numbers' })
`,
  },
  {
    what: 'what only a function can check',
    definitions: {
      Not: { type: 'string', not: { enum: ['root'] } },
      If: {
        type: 'object',
        properties: { card: { type: 'string' }, code: { type: 'string' } },
        if: { required: ['card'] },
        // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
        then: { required: ['code'] },
      },
      Some: { type: 'array', items: { type: 'integer' }, contains: { minimum: 10 } },
    },
    source: `
export const notSchema = z
  .string()
  .refine(not(z.literal('root')), 'Invalid input: this is ruled out')
  .meta({ id: 'Not' })

export const ifSchema = z
  .object({
    card: z.string().optional(),
    code: z.string().optional(),
  })
  .refine(
    when(z.object({ card: z.string() }), z.object({ code: z.string() })),
    'Invalid input: does not fit in this case',
  )
  .meta({ id: 'If' })

export const some = z
  .array(z.int())
  .refine(contains(z.number().min(10)), 'Invalid input: no item fits')
  .meta({ id: 'Some' })
`,
  },
  {
    what: 'checks of the wire behind a codec',
    definitions: {
      Period: {
        type: 'object',
        properties: {
          from: { type: 'string', format: 'date-time' },
          to: { type: 'string', format: 'date-time' },
        },
        not: { properties: { from: { const: '2000-01-01T00:00:00Z' } }, required: ['from'] },
      },
    },
    source: `
export const period = onWire(
  z.object({
    from: z.optional(isoDate),
    to: z.optional(isoDate),
  }),
  not(z.object({ from: z.literal('2000-01-01T00:00:00Z') })),
).meta({ id: 'Period' })
`,
  },
  {
    what: 'titles, descriptions, defaults and examples',
    definitions: {
      Item: {
        type: 'object',
        title: 'Item',
        description: 'What is sold.\n\n@internal and */ are no tags.',
        properties: {
          price: { type: 'number', description: 'In euros.', examples: [1.5, 20], default: 0 },
          old: { type: 'string', deprecated: true },
        },
        examples: [{ price: 1 }],
      },
    },
    source: String.raw`
/**
 * What is sold.
 *
 * \@internal and *\/ are no tags.
 */
export const item = z
  .object({
    /**
     * In euros.
     * @default 0
     */
    price: z
      .number()
      .optional()
      .meta({ description: 'In euros.', default: 0, examples: [1.5, 20] }),
    /** @deprecated */
    old: z.string().optional().meta({ deprecated: true }),
  })
  .meta({
    id: 'Item',
    title: 'Item',
    description: 'What is sold.\n\n@internal and */ are no tags.',
    examples: [{ price: 1 }],
  })
`,
  },
  {
    what: 'names that are taken',
    definitions: {
      class: { type: 'string', maxLength: 1 },
      z: { type: 'string', maxLength: 2 },
      event: { type: 'string', maxLength: 3 },
      fits: { type: 'string', maxLength: 4 },
      'a b': { type: 'string', maxLength: 5 },
      a_b: { type: 'string', maxLength: 6 },
      '1st': { type: 'string', maxLength: 7 },
      größe: { type: 'string', maxLength: 8 },
      HTTPError: { type: 'string', maxLength: 9 },
      日本: { type: 'string', maxLength: 10 },
      '!': { type: 'string', maxLength: 11 },
    },
    source: `
export const classSchema = z.string().max(1).meta({ id: 'class' })

export const zSchema = z.string().max(2).meta({ id: 'z' })

export const eventSchema = z.string().max(3).meta({ id: 'event' })

export const fitsSchema = z.string().max(4).meta({ id: 'fits' })

export const ab = z.string().max(5).meta({ id: 'a_b2' })

export const abSchema = z.string().max(6).meta({ id: 'a_b' })

export const _1st = z.string().max(7).meta({ id: '1st' })

export const größe = z.string().max(8).meta({ id: 'gr_e' })

export const httpError = z.string().max(9).meta({ id: 'HTTPError' })

export const 日本 = z.string().max(10).meta({ id: '_' })

export const schema = z.string().max(11).meta({ id: '_2' })
`,
  },
  {
    what: 'strange members and texts',
    definitions: {
      Odd: {
        type: 'object',
        properties: {
          '0': { const: '\u2028\x00\\' },
          "it's": { const: `it's "so"` },
          '01': { const: 1e21 },
          constructor: text,
          valueOf: text,
        },
        required: ['valueOf'],
      },
    },
    source: String.raw`
export const odd = z
  .looseObject({
    0: z.literal('\u2028\u0000\\').optional(),
    "it's": z.literal('it\'s "so"').optional(),
    '01': z.literal(1e21).optional(),
    valueOf: z.string(),
  })
  .refine(
    members(['0', "it's", '01', 'valueOf'], [[/^constructor$/u, z.string()]]),
    'Invalid input: a member does not fit its key',
  )
  .meta({ id: 'Odd' })
`,
  },
  {
    what: 'flat objects, with what may be left out',
    flavour: 'mini',
    definitions: {
      User: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 80 },
          mail: { type: 'string', format: 'email' },
          age: { type: 'integer', minimum: 0, maximum: 150 },
          'home-page': { type: 'string', format: 'uri' },
          score: { type: 'number', exclusiveMinimum: 0, multipleOf: 0.5 },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 5, uniqueItems: true },
        },
        required: ['name', 'mail'],
      },
    },
    source: `
export const user = z
  .object({
    name: z.string().check(z.minLength(1), z.maxLength(80)),
    mail: z.email(),
    age: z.optional(z.int().check(z.nonnegative(), z.lte(150))),
    'home-page': z.optional(z.url()),
    score: z.optional(z.number().check(z.positive(), z.multipleOf(0.5))),
    tags: z
      .optional(
        z.array(z.string()).check(
          z.maxLength(5),
          z.refine((items) => new Set(items).size === items.length, 'Invalid input: items must be unique'),
        ),
      )
      .register(z.globalRegistry, { uniqueItems: true }),
  })
  .register(z.globalRegistry, { id: 'User' })
`,
  },
  {
    what: 'dates and other codecs',
    flavour: 'mini',
    definitions: {
      Times: {
        type: 'object',
        properties: {
          at: { type: 'string', format: 'date-time' },
          day: { type: 'string', format: 'date' },
          maybe: { type: ['string', 'null'], format: 'date-time' },
          big: { type: 'string', pattern: '^-?\\d+$', 'x-codec': 'bigint' },
          page: { type: 'string', format: 'uri', 'x-codec': 'url' },
          bytes: { type: 'string', format: 'base64', 'x-codec': 'bytes' },
          ids: { type: 'array', items: { type: 'string' }, 'x-codec': 'set' },
          sums: {
            type: 'array',
            items: {
              type: 'array',
              prefixItems: [{ type: 'string' }, { type: 'integer' }],
              items: false,
              minItems: 2,
            },
            'x-codec': 'map',
          },
          own: { type: 'string', 'x-codec': 'custom' },
        },
        required: ['at', 'sums'],
      },
    },
    source: `
export const times = z
  .object({
    at: isoDate,
    day: z.optional(z.iso.date()),
    maybe: z.optional(z.nullable(isoDate)),
    big: z.optional(bigintText),
    page: z.optional(urlText),
    bytes: z.optional(base64Bytes),
    ids: z.optional(setItems(z.string())),
    sums: mapEntries(z.string(), z.int()),
    own: z.optional(z.string()),
  })
  .register(z.globalRegistry, { id: 'Times' })
`,
  },
  {
    what: 'recursion by getters',
    flavour: 'mini',
    definitions: {
      Tree: {
        type: 'object',
        properties: {
          label: { type: 'string' },
          children: { type: 'array', items: { $ref: '#/$defs/Tree' } },
          parent: { oneOf: [{ $ref: '#/$defs/Tree' }, { type: 'null' }] },
        },
        required: ['label', 'children'],
      },
    },
    source: `
export const tree = z.object({
  label: z.string(),
  get children() {
    return z.array(tree)
  },
  get parent() {
    return z.optional(z.nullable(tree))
  },
})
`,
  },
  {
    what: 'recursion outside of objects, with its type',
    flavour: 'mini',
    definitions: {
      Json: {
        anyOf: [
          { type: ['string', 'number', 'boolean', 'null'] },
          { type: 'array', items: { $ref: '#/$defs/Json' } },
          { type: 'object', additionalProperties: { $ref: '#/$defs/Json' } },
        ],
      },
    },
    source: `
export type Json = string | number | boolean | Json[] | { [key: string]: Json } | null

export const json: z.ZodMiniType<Json, Json> = z
  .nullable(
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.array(z.lazy(() => json)),
      z.record(
        z.string(),
        z.lazy(() => json),
      ),
    ]),
  )
  .register(z.globalRegistry, { id: 'Json' })
`,
  },
  {
    what: 'allOf as an extension',
    flavour: 'mini',
    definitions: {
      Person: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      Employee: {
        allOf: [
          { $ref: '#/$defs/Person' },
          {
            type: 'object',
            properties: { salary: { type: 'number' } },
            required: ['salary'],
          },
        ],
      },
      Merged: {
        allOf: [
          { type: 'object', properties: { a: { type: 'string', minLength: 1 } } },
          {
            type: 'object',
            properties: { a: { type: 'string', maxLength: 5 } },
            required: ['a'],
          },
        ],
      },
    },
    source: `
export const person = z.object({ name: z.string() }).register(z.globalRegistry, { id: 'Person' })

export const employee = z
  .extend(person, { salary: z.number() })
  .register(z.globalRegistry, { id: 'Employee' })

export const merged = z
  .object({ a: z.string().check(z.minLength(1), z.maxLength(5)) })
  .register(z.globalRegistry, { id: 'Merged' })
`,
  },
  {
    what: 'tuples',
    flavour: 'mini',
    definitions: {
      Pair: {
        type: 'array',
        prefixItems: [{ type: 'string' }, { type: 'number' }],
        items: false,
        minItems: 2,
      },
      Shorter: {
        type: 'array',
        prefixItems: [{ type: 'string' }, { type: 'number' }],
        items: false,
        minItems: 1,
      },
      Longer: {
        type: 'array',
        prefixItems: [{ type: 'string' }],
        items: { type: 'number' },
        minItems: 1,
      },
    },
    source: `
export const pair = z.tuple([z.string(), z.number()]).register(z.globalRegistry, { id: 'Pair' })

export const shorter = z
  .tuple([z.string(), z.exactOptional(z.number())])
  .register(z.globalRegistry, { id: 'Shorter' })

export const longer = z
  .tuple([z.string()], z.number())
  .check(z.minLength(1))
  .register(z.globalRegistry, { id: 'Longer' })
`,
  },
  {
    what: 'titles, descriptions, defaults and examples',
    flavour: 'mini',
    definitions: {
      Item: {
        type: 'object',
        title: 'Item',
        description: 'What is sold.\n\n@internal and */ are no tags.',
        properties: {
          price: { type: 'number', description: 'In euros.', examples: [1.5, 20], default: 0 },
          old: { type: 'string', deprecated: true },
        },
        examples: [{ price: 1 }],
      },
    },
    source: String.raw`
/**
 * What is sold.
 *
 * \@internal and *\/ are no tags.
 */
export const item = z
  .object({
    /**
     * In euros.
     * @default 0
     */
    price: z
      .optional(z.number())
      .register(z.globalRegistry, { description: 'In euros.', default: 0, examples: [1.5, 20] }),
    /** @deprecated */
    old: z.optional(z.string()).register(z.globalRegistry, { deprecated: true }),
  })
  .register(z.globalRegistry, {
    id: 'Item',
    title: 'Item',
    description: 'What is sold.\n\n@internal and */ are no tags.',
    examples: [{ price: 1 }],
  })
`,
  },
  {
    what: 'what is said of a constant in one place, of a recursive one, and of a codec',
    flavour: 'mini',
    definitions: {
      Link: {
        type: 'object',
        description: 'A link.',
        properties: {
          next: { $ref: '#/$defs/Link', description: 'The next one.' },
          at: { type: 'string', format: 'date-time', title: 'When' },
          unit: { $ref: '#/$defs/Unit', description: 'Of what.' },
        },
        required: ['next', 'at', 'unit'],
      },
      Unit: { enum: ['m', 's'] },
    },
    source: `
export const unit = z.enum(['m', 's']).register(z.globalRegistry, { id: 'Unit' })

/** A link. */
export const link = z
  .object({
    /** The next one. */
    get next() {
      return link.check(z.meta({ description: 'The next one.' }))
    },
    at: z.nonoptional(isoDate).register(z.globalRegistry, { title: 'When' }),
    /** Of what. */
    unit: unit.check(z.meta({ description: 'Of what.' })),
  })
  .register(z.globalRegistry, { description: 'A link.' })
`,
  },
]
