import type { JsonSchema } from '../../model/json-schema.ts'
import { isObject, member } from '../source/json-record.ts'
import { elementsOf, keyOf, membersOf, type Place } from '../source/place.ts'
import { readPattern } from './pattern.ts'
import { dropped, keyword, mended, type SchemaContext } from './schema-context.ts'

/** Reads what objects hold. */
export function readObjectKeywords(context: SchemaContext): void {
  readProperties(context)
  readRequired(context)
  // What a pattern allowed must not be refused because the pattern is gone.
  if (readPatternProperties(context)) readAdditional(context)
  const names = keyword(context, 'propertyNames')
  if (names !== undefined) {
    const schema = context.read(names)
    if (schema !== true) context.out.propertyNames = schema
  }
}

function readProperties(context: SchemaContext): void {
  const place = keyword(context, 'properties')
  if (place === undefined || place.value === null) return
  if (!isObject(place.value)) {
    dropped(context, place, 'an object of schemas')
    return
  }
  const entries = membersOf(place)
    .filter((child) => !keyOf(child).startsWith('x-') || isObject(child.value))
    .map((child): [string, JsonSchema] => [keyOf(child), context.read(child)])
  context.out.properties = Object.fromEntries(entries)
}

function readRequired(context: SchemaContext): void {
  const place = keyword(context, 'required')
  const names = new Set<string>()
  if (Array.isArray(place?.value)) {
    for (const element of elementsOf(place)) {
      if (typeof element.value === 'string') names.add(element.value)
      else if (['number', 'boolean'].includes(typeof element.value)) names.add(textOf(element))
      else dropped(context, element, 'the name of a member')
    }
  } else if (typeof place?.value === 'string') {
    mended(context, place, 'a list of names', [place.value])
    names.add(place.value)
  } else if (place !== undefined && typeof place.value !== 'boolean' && place.value !== null) {
    dropped(context, place, 'a list of names')
  }
  for (const name of flaggedMembers(context)) names.add(name)
  if (names.size > 0) context.out.required = [...names]
}

// `required: true` inside a member is how draft-03 had it, and what people write who come from other tools.
function flaggedMembers(context: SchemaContext): readonly string[] {
  const properties = keyword(context, 'properties')
  if (properties === undefined) return []
  return membersOf(properties).flatMap((child) => {
    if (member(child.value, 'required') !== true) return []
    context.problems.warning(
      child,
      `"required" belongs in a list beside "properties"; "${keyOf(child)}" is required`,
    )
    return [keyOf(child)]
  })
}

/** Whether all of them could be read. */
function readPatternProperties(context: SchemaContext): boolean {
  const place = keyword(context, 'patternProperties')
  if (place === undefined || place.value === null) return true
  if (!isObject(place.value)) {
    dropped(context, place, 'an object of schemas')
    return false
  }
  const entries = membersOf(place).flatMap((child): [string, JsonSchema][] => {
    const read = readPattern(keyOf(child))
    if (read.pattern !== undefined) return [[read.pattern, context.read(child)]]
    context.problems.loss(
      child,
      `"${keyOf(child)}" is no regular expression of ECMAScript (${read.why}); it is left out`,
    )
    return []
  })
  if (entries.length > 0) context.out.patternProperties = Object.fromEntries(entries)
  return entries.length === Object.keys(place.value).length
}

function readAdditional(context: SchemaContext): void {
  const place = keyword(context, 'additionalProperties')
  if (place === undefined || place.value === null) return
  if (place.value === 'true' || place.value === 'false') {
    mended(context, place, 'true, false or a schema', place.value === 'true')
    if (place.value === 'false') context.out.additionalProperties = false
    return
  }
  context.out.additionalProperties = context.read(place)
}

function textOf(place: Place): string {
  return place.file.textOf(place.tokens) ?? String(place.value)
}
