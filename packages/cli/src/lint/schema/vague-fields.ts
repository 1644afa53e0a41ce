import type { ContractModel } from '../../model/contract-model.ts'
import { resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { isOfType } from './is-of-type.ts'

/** The strings of which nothing tells what they look like, as paths in the data: `lines[].text`. */
export function vagueFields(
  schema: JsonSchema,
  definitions: ContractModel['definitions'],
): readonly string[] {
  const found = new Set<string>()
  const seen = new Set<JsonSchemaObject>()
  const visit = (part: JsonSchema | undefined, path: string): void => {
    const resolved = part === undefined ? undefined : resolveSchema(part, definitions)
    if (typeof resolved !== 'object' || seen.has(resolved)) return
    seen.add(resolved)
    // A ref may have an example of its own beside it.
    if (hasExample(resolved) || (typeof part === 'object' && hasExample(part))) return
    if (isOfType(resolved, 'string') && isVague(resolved)) found.add(path === '' ? 'its data' : path)
    for (const [name, property] of Object.entries(resolved.properties ?? {})) {
      visit(property, path === '' ? name : `${path}.${name}`)
    }
    for (const option of [...(resolved.oneOf ?? []), ...(resolved.anyOf ?? []), ...(resolved.allOf ?? [])]) {
      visit(option, path)
    }
    for (const item of [resolved.items, ...(resolved.prefixItems ?? [])]) visit(item, `${path}[]`)
    visit(resolved.additionalProperties, `${path}{}`)
  }
  visit(schema, '')
  return [...found]
}

function hasExample({ examples }: JsonSchemaObject): boolean {
  return examples !== undefined && examples.length > 0
}

function isVague(schema: JsonSchemaObject): boolean {
  const telling = ['enum', 'const', 'format', 'pattern', 'default', 'contentEncoding', 'x-codec'] as const
  return (
    !telling.some((keyword) => keyword in schema) &&
    !schema.allOf?.some((part) => typeof part === 'object' && !isVague(part))
  )
}
