import type { StandardSchema } from '@millrace/contract'
import type { JsonSchema, JsonSchemaObject } from '../model/json-schema.ts'
import { toPascalCase } from '../model/names.ts'
import { mapSubschemas } from '../model/subschemas.ts'
import { isKeyword, orderKeywords } from './keyword-order.ts'
import type { SchemaPlace } from './schema-survey.ts'

/** A schema of another library than Zod, and where it stands. */
export interface StandardUse {
  readonly schema: StandardSchema
  readonly place: SchemaPlace
}

/** What became of them. */
export interface StandardConversion {
  readonly schemas: ReadonlyMap<StandardSchema, JsonSchema>
  readonly definitions: Readonly<Record<string, JsonSchema>>
}

/** Standard JSON Schema, which some libraries offer beside Standard Schema. [standardschema.dev/json-schema] */
interface StandardJsonSchema {
  readonly input: (options: { readonly target: 'draft-2020-12' }) => unknown
}

/**
 * Writes schemas of other libraries as JSON Schema, as they say it themselves. Of one that cannot, nothing is known.
 *
 * @param taken names that definitions have already
 */
export function convertStandardSchemas(
  uses: readonly StandardUse[],
  taken: ReadonlySet<string>,
  report: (place: SchemaPlace, message: string) => void,
): StandardConversion {
  const schemas = new Map<StandardSchema, JsonSchema>()
  const definitions = new Map<string, JsonSchema>()
  for (const { schema, place } of uses) {
    if (schemas.has(schema)) continue
    const written = jsonSchemaOf(schema)
    if (typeof written === 'string') {
      report(place, written)
      schemas.set(schema, true)
      continue
    }
    const own = Object.entries((written.$defs ?? {}) as Record<string, JsonSchema>)
    const names = new Map(
      own.map(([name]) => {
        const wanted = toPascalCase(place.words.join(' ')) + toPascalCase(name)
        return [name, freeName(wanted, (one) => taken.has(one) || definitions.has(one))]
      }),
    )
    for (const [name, definition] of own) {
      definitions.set(names.get(name) ?? name, adopt(definition, names))
    }
    schemas.set(schema, adopt(written, names))
  }
  return { schemas, definitions: Object.fromEntries(definitions) }
}

function jsonSchemaOf(schema: StandardSchema): JsonSchemaObject | string {
  const { vendor } = schema['~standard']
  const { jsonSchema } = schema['~standard'] as { readonly jsonSchema?: StandardJsonSchema }
  if (typeof jsonSchema?.input !== 'function') {
    return `is a schema of ${vendor}, which gives no JSON Schema of it (no "~standard.jsonSchema"); any value is described`
  }
  try {
    const written = jsonSchema.input({ target: 'draft-2020-12' })
    if (typeof written === 'object' && written !== null) return written as JsonSchemaObject
    return `is a schema of ${vendor}, whose JSON Schema is none; any value is described`
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `is a schema of ${vendor}, which has no JSON Schema of it: ${reason}; any value is described`
  }
}

const local = /^#\/\$defs\/(.+)$/

/** The schema as the model has it: with refs to the model's definitions, and without words that it does not know. */
function adopt(schema: JsonSchema, names: ReadonlyMap<string, string>): JsonSchema {
  if (typeof schema === 'boolean') return schema
  const { $ref, ...rest } = mapSubschemas(schema, (child) => adopt(child, names))
  const known = Object.fromEntries(Object.entries(rest).filter(([keyword]) => isKeyword(keyword)))
  if ($ref === undefined) return orderKeywords(known)
  const name = names.get(local.exec($ref)?.[1] ?? '')
  return orderKeywords(name === undefined ? known : { $ref: `#/$defs/${name}`, ...known })
}

function freeName(wanted: string, isTaken: (name: string) => boolean): string {
  let name = wanted
  for (let count = 2; isTaken(name); count += 1) name = `${wanted}${count}`
  return name
}
