import type { JsonSchema } from '../../model/json-schema.ts'
import { isObject, textMember } from '../source/json-record.ts'
import { keyOf, membersOf, type Place, within } from '../source/place.ts'
import { dropped, keyword, type SchemaContext } from './schema-context.ts'
import { type Definitions, memberNames, memberView } from './schema-view.ts'
import { tagValues, usualTags } from './tags.ts'

/**
 * Reads `discriminator`: the name of a member (AsyncAPI), or that with a mapping of its values to schemas (OpenAPI). The model
 * keeps the name where a constant of that member tells all options apart. An option that a mapping names, and that does
 * not say so itself, is given that constant.
 */
export function readDiscriminator(
  context: SchemaContext,
): ((schema: Record<string, unknown>, definitions: Definitions) => void) | undefined {
  const place = keyword(context, 'discriminator')
  if (place === undefined) return Array.isArray(context.out.oneOf) ? findDiscriminator : undefined
  const name = typeof place.value === 'string' ? place.value : textMember(place.value, 'propertyName')
  if (name === undefined) {
    dropped(context, place, 'the name of a member, as "propertyName"')
    return undefined
  }
  const mapping = readMapping(context, place)

  return (schema, definitions) => {
    const union = Array.isArray(schema.oneOf) ? 'oneOf' : 'anyOf'
    const options = schema[union]
    if (!Array.isArray(options)) {
      if (mapping.size === 0) return
      context.problems.loss(
        place,
        'the schemas in "mapping" are not carried: only "oneOf" and "anyOf" make a union',
      )
      return
    }
    const narrowed = options.map((option: JsonSchema) => narrow(option, name, mapping, definitions))
    schema[union] = narrowed
    if (tellsApart(narrowed, name, definitions)) schema.discriminator = { propertyName: name }
    else {
      const why = `no constant and required "${name}" tells the options apart`
      context.problems.warning(place, `${why}; the union is kept without its discriminator`)
    }
  }
}

/** The values for each ref. */
function readMapping(context: SchemaContext, place: Place): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  for (const entry of membersOf(within(place, 'mapping'))) {
    if (typeof entry.value !== 'string') {
      dropped(context, entry, 'a ref or the name of a schema')
      continue
    }
    const isName = /^[\w.-]+$/.test(entry.value) && !/\.(ya?ml|json)$/i.test(entry.value)
    const $ref = isName ? `#/components/schemas/${entry.value}` : entry.value
    const target = context.read({ ...entry, value: { $ref } })
    if (!isObject(target) || typeof target.$ref !== 'string') continue
    values.set(target.$ref, [...(values.get(target.$ref) ?? []), keyOf(entry)])
  }
  return values
}

function narrow(
  option: JsonSchema,
  name: string,
  mapping: ReadonlyMap<string, readonly string[]>,
  definitions: Definitions,
): JsonSchema {
  const values =
    typeof option === 'object' && option.$ref !== undefined ? mapping.get(option.$ref) : undefined
  if (values === undefined || memberView(option, name, definitions).values !== undefined) return option
  const [only] = values
  const constant = values.length === 1 ? { const: only } : { enum: values }
  return { allOf: [option, { type: 'object', properties: { [name]: constant }, required: [name] }] }
}

/** What tells the options of a `oneOf` apart although nobody has said so: a constant of each, the usual words first. */
function findDiscriminator(schema: Record<string, unknown>, definitions: Definitions): void {
  const options = schema.oneOf as readonly JsonSchema[]
  const [first] = options
  if (first === undefined || options.length < 2) return
  const names = memberNames(first, definitions)
  const ordered = [...usualTags.filter((name) => names.includes(name)), ...names]
  const propertyName = ordered.find((name) => tellsApart(options, name, definitions))
  if (propertyName !== undefined) schema.discriminator = { propertyName }
}

function tellsApart(options: readonly JsonSchema[], name: string, definitions: Definitions): boolean {
  const seen = new Set<unknown>()
  return options.every((option) => {
    const values = tagValues(option, name, definitions)
    if (values === undefined || values.some((value) => seen.has(value))) return false
    for (const value of values) seen.add(value)
    return true
  })
}
