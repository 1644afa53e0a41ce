// biome-ignore-all lint/suspicious/noThenProperty: JSON Schema has a keyword of that name
import { Ajv } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonSchema } from '../../model/json-schema.ts'
import { readPayload } from '../read.fixture.ts'
import { randomSchema, randomValue, shelf } from './random-schema.fixture.ts'
import { validate } from './validate.ts'

// Whatever a document says, the model must say the same: ajv, which reads the document's own dialect, is the judge.

const options = { strict: false, validateFormats: false, unicodeRegExp: false } as const
const judges = {
  'draft-07': new Ajv(options),
  '2019-09': new Ajv2019(options),
  '2020-12': new Ajv2020(options),
}
// Of some schemas with `unevaluated…` ajv makes code that does not run.
function judged(judge: Ajv | Ajv2019 | Ajv2020, schema: object, values: readonly unknown[]) {
  try {
    const accepts = judge.compile(schema)
    return values.map((value) => [value, accepts(value)] as const)
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return fc.pre(false) as never
  }
}

const judgeOfModel = new Ajv2020({ strict: false, validateFormats: false })
const uris = {
  'draft-07': 'http://json-schema.org/draft-07/schema#',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
}

test.each(['draft-07', '2019-09', '2020-12'] as const)(
  'a schema of %s means the same in the model',
  async (dialect) => {
    const arbitrary = fc.tuple(randomSchema(dialect), fc.array(randomValue, { minLength: 12, maxLength: 12 }))
    let compared = 0
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([schema, values]) => {
        const payload = typeof schema === 'object' ? { ...schema, $schema: uris[dialect] } : schema
        const read = await readPayload(payload, shelf)
        fc.pre(read.problems.every(({ severity }) => severity !== 'loss'))

        const whole = { $schema: uris[dialect], allOf: [schema as object], components: shelf }
        const wanted = judged(judges[dialect], whole, values)
        const definitions = new Map(Object.entries(read.definitions))
        const model = judgeOfModel.compile({ $defs: read.definitions, allOf: [read.schema as object] })
        for (const [data, accepted] of wanted) {
          compared += 1
          expect(model(data), `${JSON.stringify(read.schema)} of ${JSON.stringify(data)}`).toBe(accepted)
          // Our own validator, by which examples are judged, must not differ either.
          const fault = validate(data, read.schema as JsonSchema, definitions)
          expect(fault === undefined, `validate ${JSON.stringify(data)}: ${fault}`).toBe(accepted)
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 60) },
    )
    expect(compared).toBeGreaterThan(400)
  },
)
