import type { JsonSchema } from '../../model/json-schema.ts'
import { keyword, type SchemaContext } from './schema-context.ts'
import { conjuncts, type Definitions } from './schema-view.ts'

const conditional = ['anyOf', 'oneOf', 'if'] as const

/**
 * Reads `unevaluatedProperties`. Where the members are known whatever the data (through refs and `allOf`), the same is said by
 * `propertyNames`; that can be seen only when all schemas are read, hence the answer.
 */
export function readUnevaluatedProperties(
  context: SchemaContext,
): ((schema: Record<string, unknown>, definitions: Definitions) => void) | undefined {
  const place = keyword(context, 'unevaluatedProperties')
  if (place === undefined || place.value === true || context.out.additionalProperties !== undefined)
    return undefined
  const rest = context.read(place)

  return (schema, definitions) => {
    const parts = conjuncts(schema as JsonSchema, definitions)
    if (parts.some((part) => part.additionalProperties !== undefined && part.additionalProperties !== false))
      return
    if (parts.length === 1 && !conditional.some((name) => Object.hasOwn(schema, name))) {
      schema.additionalProperties = rest
      return
    }
    if (rest !== false || parts.some((part) => conditional.some((name) => Object.hasOwn(part, name)))) {
      context.problems.loss(
        place,
        '"unevaluatedProperties" beside a union or a condition is left out; more members are accepted',
      )
      return
    }
    const names = [...new Set(parts.flatMap((part) => Object.keys(part.properties ?? {})))]
    const patterns = parts.flatMap((part) => Object.keys(part.patternProperties ?? {}))
    const allowed: JsonSchema[] = [{ enum: names }, ...patterns.map((pattern) => ({ pattern }))]
    const closed: JsonSchema = {
      propertyNames: allowed.length === 1 ? (allowed[0] as JsonSchema) : { anyOf: allowed },
    }
    schema.allOf = [...((schema.allOf as JsonSchema[] | undefined) ?? []), closed]
  }
}
