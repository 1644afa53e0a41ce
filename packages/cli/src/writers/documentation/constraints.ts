import type { JsonSchemaObject } from '../../model/json-schema.ts'
import { plainCodecOf } from '../typescript/codecs.ts'
import { codeWords } from './code-type.ts'

/** What else must hold of a value, in words. Text between backticks is code. */
export function constraintsOf(schema: JsonSchemaObject): readonly string[] {
  const code = codeWords(schema)
  return [...limitsOf(schema), ...(code === undefined ? [] : [`${code} in code`])]
}

function limitsOf(schema: JsonSchemaObject): readonly string[] {
  const { minLength, maxLength, minItems, maxItems, minProperties, maxProperties } = schema
  return [
    ...size(minLength, maxLength, 'character', 'characters'),
    ...(schema.prefixItems === undefined ? size(minItems, maxItems, 'item', 'items') : []),
    ...size(minProperties, maxProperties, 'member', 'members'),
    ...(schema.uniqueItems === true ? ['no item twice'] : []),
    ...range(schema),
    ...(schema.multipleOf === undefined ? [] : [`a multiple of ${schema.multipleOf}`]),
    // What a codec reads is said by the codec, and an encoding by the type.
    ...(schema.pattern === undefined ||
    plainCodecOf(schema) !== undefined ||
    schema.contentEncoding !== undefined
      ? []
      : [`matches \`${schema.pattern}\``]),
    ...(schema.allOf ?? []).flatMap((part) =>
      typeof part === 'object' && Object.keys(part).length === 1 ? limitsOf(part) : [],
    ),
    ...(schema.default === undefined ? [] : [`\`${JSON.stringify(schema.default)}\` when absent`]),
    ...ofOnlyOption(schema),
    ...ofItems(schema),
  ]
}

/** What may be `null` says the rest in its other option. */
function ofOnlyOption({ anyOf, oneOf }: JsonSchemaObject): readonly string[] {
  const options = (anyOf ?? oneOf ?? []).filter(
    (option) => typeof option !== 'object' || option.type !== 'null',
  )
  const [only] = options
  return options.length === 1 && typeof only === 'object' ? limitsOf(only) : []
}

function ofItems({ items }: JsonSchemaObject): readonly string[] {
  if (typeof items !== 'object' || items.properties !== undefined) return []
  const rules = limitsOf(items)
  return rules.length === 0 ? [] : [`each ${rules.join(', ')}`]
}

function size(least = 0, most: number | undefined, one: string, several: string): readonly string[] {
  const noun = (count: number) => `${count} ${count === 1 ? one : several}`
  if (most === undefined) return least === 0 ? [] : [`at least ${noun(least)}`]
  if (least === most) return [noun(most)]
  return [least === 0 ? `at most ${noun(most)}` : `${least} to ${noun(most)}`]
}

function range({
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
}: JsonSchemaObject): readonly string[] {
  // The limits of whole numbers in JavaScript are not the author's.
  const own = (limit: number | undefined) =>
    Math.abs(limit ?? 0) === Number.MAX_SAFE_INTEGER ? undefined : limit
  const [low, high] = [own(minimum), own(maximum)]
  if (low !== undefined && high !== undefined) return [low === high ? `${low}` : `${low} to ${high}`]
  return [
    ...(low === undefined ? [] : [`at least ${low}`]),
    ...(exclusiveMinimum === undefined ? [] : [`more than ${exclusiveMinimum}`]),
    ...(high === undefined ? [] : [`at most ${high}`]),
    ...(exclusiveMaximum === undefined ? [] : [`less than ${exclusiveMaximum}`]),
  ]
}
