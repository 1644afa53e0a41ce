import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { JsonDocument } from './document.ts'

/** Says what is wrong with a value; `undefined` when it is valid. */
export type Validate = (value: unknown) => string | undefined

type Dialect = 'draft-07' | '2020-12'

// Documents have words that are none of JSON Schema's. One of each, since every new one compiles the schema of schemas first.
const tolerant = {
  'draft-07': addFormats.default(new Ajv({ strict: false })),
  '2020-12': addFormats.default(new Ajv2020({ strict: false })),
}
const strict = addFormats.default(
  new Ajv2020({ strict: true, strictTypes: false, strictTuples: false, strictRequired: false }),
)

/** A validator for a schema that may stand in a document, whose parts it refers to. */
export function validatorFor(schema: unknown, dialect: Dialect, document: JsonDocument = {}): Validate {
  return validatorBy(tolerant[dialect], { ...(schema as object), components: document.components })
}

/** A validator as people use it: it stops at words that it does not know. */
export function strictValidatorFor(document: JsonDocument): Validate {
  return validatorBy(strict, document)
}

function validatorBy(ajv: Ajv, schema: object): Validate {
  // Two contracts may have the same ids.
  ajv.removeSchema()
  const validate = ajv.compile(schema)
  return (value) => (validate(value) ? undefined : ajv.errorsText(validate.errors))
}
