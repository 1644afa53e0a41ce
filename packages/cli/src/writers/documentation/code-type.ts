import { refName } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { plainCodecOf } from '../typescript/codecs.ts'
import { heldSchemas } from '../typescript/held-schemas.ts'

/** What a value is in code where that is not what travels, in words: `a \`Date\``, `\`Map<string, Date>\``. */
export function codeWords(schema: JsonSchema): string | undefined {
  const only = onlyOption(schema)
  const codec = typeof only === 'object' ? plainCodecOf(only) : undefined
  if (typeof only === 'object' && codec !== undefined && codec.holds === undefined) {
    return words[only['x-codec'] ?? ''] ?? `a \`${codec.type}\``
  }
  const { text, changes } = typeOf(schema)
  return changes ? `\`${text}\`` : undefined
}

const words: Readonly<Record<string, string>> = {
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
}

/** What may be `null` is told by its other option. */
function onlyOption(schema: JsonSchema): JsonSchema {
  if (typeof schema !== 'object') return schema
  const options = (schema.anyOf ?? schema.oneOf ?? []).filter(
    (option) => typeof option !== 'object' || option.type !== 'null',
  )
  return options.length === 1 ? onlyOption(options[0] ?? true) : schema
}

interface CodeType {
  readonly text: string
  readonly changes: boolean
}

const same = (text: string): CodeType => ({ text, changes: false })

function typeOf(schema: JsonSchema): CodeType {
  if (typeof schema === 'boolean') return same('unknown')
  if (schema.$ref !== undefined) return same(refName(schema.$ref))
  const codec = plainCodecOf(schema)
  if (codec !== undefined) {
    const held = heldSchemas(schema, codec.holds, {}).map((part) => typeOf(part.schema).text)
    return { text: held.length === 0 ? codec.type : `${codec.type}<${held.join(', ')}>`, changes: true }
  }
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return union(options.map(typeOf))
  if ('const' in schema) return same(JSON.stringify(schema.const))
  if (schema.enum !== undefined) return union(schema.enum.map((value) => same(JSON.stringify(value))))
  if (schema.type === 'array') return arrayOf(schema)
  // The members of an object have rows of their own.
  if (schema.properties === undefined && typeof schema.additionalProperties === 'object') {
    const { text, changes } = typeOf(schema.additionalProperties)
    return { text: `Record<string, ${text}>`, changes }
  }
  return union([schema.type ?? 'unknown'].flat().map((type) => same(type === 'integer' ? 'number' : type)))
}

function arrayOf({ prefixItems, items = true }: JsonSchemaObject): CodeType {
  if (prefixItems === undefined) {
    const { text, changes } = typeOf(items)
    return { text: text.includes(' | ') ? `(${text})[]` : `${text}[]`, changes }
  }
  const first = prefixItems.map(typeOf)
  return {
    text: `[${first.map(({ text }) => text).join(', ')}]`,
    changes: first.some(({ changes }) => changes),
  }
}

function union(types: readonly CodeType[]): CodeType {
  return {
    text: [...new Set(types.map(({ text }) => text))].join(' | '),
    changes: types.some(({ changes }) => changes),
  }
}
