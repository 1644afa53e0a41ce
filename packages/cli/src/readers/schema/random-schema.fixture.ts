// biome-ignore-all lint/suspicious/noThenProperty: JSON Schema has a keyword of that name
import fc from 'fast-check'

const keys = fc.constantFrom('a', 'b', 'c')
const scalar = fc.constantFrom<unknown>(null, true, 0, 1, 1.5, -2, '', 'a', 'ab', 'über', 'x-1')
/** Any JSON value, with few keys and scalars, so that schemas and values meet. */
export const randomValue = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(keys, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any

const count = fc.constantFrom(0, 1, 2)
const words = { description: 'D', $comment: 'C', 'x-internal': 1 }

type Keywords = Record<string, fc.Arbitrary<unknown>>

/** Schemas of a dialect, with every keyword that constrains, and refs into the shelf. */
export function randomSchema(dialect: 'draft-07' | '2019-09' | '2020-12') {
  const modern = dialect !== 'draft-07'
  return fc.letrec<{ schema: unknown; object: object }>((tie) => {
    const schema = tie('schema')
    const some = fc.array(schema, { minLength: 1, maxLength: 2 })
    const members = fc.dictionary(keys, schema, { maxKeys: 2 })
    const optional = (arbitrary: fc.Arbitrary<unknown>) => fc.option(arbitrary, { nil: undefined, freq: 6 })
    const tuple: Keywords =
      dialect === '2020-12'
        ? { prefixItems: optional(some), items: optional(schema) }
        : { items: optional(fc.oneof(schema, some)), additionalItems: optional(schema) }
    const dependencies: Keywords = modern
      ? {
          dependentRequired: optional(fc.dictionary(keys, fc.array(keys, { maxLength: 1 }), { maxKeys: 1 })),
          dependentSchemas: optional(fc.dictionary(keys, schema, { maxKeys: 1 })),
        }
      : {
          dependencies: optional(
            fc.dictionary(keys, fc.oneof(fc.array(keys, { maxLength: 1 }), schema), { maxKeys: 1 }),
          ),
        }
    const ref = fc.constantFrom('#/components/schemas/Other', '#/components/schemas/Tree')
    const reference: Keywords = modern ? { $ref: optional(ref) } : {}
    const unevaluated: Keywords = modern
      ? {
          unevaluatedProperties: optional(schema),
          unevaluatedItems: optional(schema),
          minContains: optional(fc.constantFrom(0, 1)),
        }
      : {}
    return {
      schema: fc.oneof(
        { maxDepth: 2 },
        fc.boolean(),
        fc.constant({}),
        ref.map(($ref) => ({ $ref })),
        tie('object'),
      ),
      object: fc
        .record({
          type: optional(
            fc.oneof(
              fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object'),
              fc.constant(['string', 'null']),
            ),
          ),
          enum: optional(fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 })),
          const: optional(randomValue),
          minimum: optional(count),
          exclusiveMaximum: optional(count),
          multipleOf: optional(fc.constantFrom(1, 0.5)),
          minLength: optional(count),
          maxLength: optional(count),
          pattern: optional(fc.constantFrom('^a', 'b$', '\\-')),
          ...tuple,
          minItems: optional(count),
          uniqueItems: optional(fc.boolean()),
          contains: optional(schema),
          properties: optional(members),
          required: optional(fc.uniqueArray(keys, { maxLength: 2 })),
          additionalProperties: optional(schema),
          patternProperties: optional(fc.dictionary(fc.constantFrom('^a', '[bc]'), schema, { maxKeys: 1 })),
          propertyNames: optional(fc.constantFrom({ pattern: '^[ab]' }, true)),
          maxProperties: optional(count),
          ...dependencies,
          anyOf: optional(some),
          oneOf: optional(some),
          allOf: optional(some),
          not: optional(schema),
          if: optional(schema),
          then: optional(schema),
          else: optional(schema),
          ...reference,
          ...unevaluated,
          words: optional(fc.constant(true)),
        })
        .map(({ words: wordy, ...keywords }) => ({
          ...Object.fromEntries(Object.entries(keywords).filter(([, keyword]) => keyword !== undefined)),
          ...(wordy ? words : {}),
        })),
    }
  }).schema
}

/** What the refs of random schemas lead to: the `components` of a document. */
export const shelf = {
  schemas: {
    Other: { minProperties: 1, maxLength: 1 },
    Tree: {
      type: ['object', 'string'],
      properties: { a: { $ref: '#/components/schemas/Tree' }, b: { $ref: '#/components/schemas/Other' } },
      required: ['a'],
    },
  },
}
