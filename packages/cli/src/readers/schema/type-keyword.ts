import type { JsonType } from '../../model/json-schema.ts'
import { elementsOf, type Place } from '../source/place.ts'
import { dropped, keyword, mended, type SchemaContext } from './schema-context.ts'

const types: readonly JsonType[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']

// What people write where a type must stand, and the one thing that they can have meant.
const slips: Readonly<Record<string, { type: JsonType; format?: string }>> = {
  int: { type: 'integer' },
  int32: { type: 'integer' },
  int64: { type: 'integer' },
  long: { type: 'integer' },
  float: { type: 'number' },
  double: { type: 'number' },
  decimal: { type: 'number' },
  numeric: { type: 'number' },
  bool: { type: 'boolean' },
  str: { type: 'string' },
  text: { type: 'string' },
  uuid: { type: 'string', format: 'uuid' },
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', format: 'date-time' },
  'date-time': { type: 'string', format: 'date-time' },
  timestamp: { type: 'string', format: 'date-time' },
  email: { type: 'string', format: 'email' },
  uri: { type: 'string', format: 'uri' },
  url: { type: 'string', format: 'uri' },
  list: { type: 'array' },
  map: { type: 'object' },
  dict: { type: 'object' },
  nil: { type: 'null' },
  none: { type: 'null' },
}

export function readType(context: SchemaContext): void {
  const place = keyword(context, 'type')
  if (place === undefined) return
  if (!Array.isArray(place.value)) {
    const type = readOne(context, place)
    if (type !== undefined) context.out.type = type
    return
  }
  const places = elementsOf(place)
  const read = places.map((element) => readOne(context, element))
  // With one of them unknown, the others would refuse what it allows.
  if (read.includes(undefined)) return
  const found = [...new Set(read)]
  if (found.length === 1) context.out.type = found[0]
  else if (found.length > 1) context.out.type = found
  else dropped(context, place, 'a type or a list of types')
}

function readOne(context: SchemaContext, place: Place): JsonType | undefined {
  const { value } = place
  if (types.includes(value as JsonType)) return value as JsonType
  // YAML reads an unquoted `null` as null, and so nothing at all.
  if (value === null && place.file.textOf(place.tokens) === '') {
    context.problems.warning(place, '"type" is empty; any value is accepted')
    return undefined
  }
  if (value === null) {
    mended(context, place, '"null" in quotes', 'null')
    return 'null'
  }
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (word === 'any') {
    context.problems.warning(place, '"any" is no type; without one, any value is accepted')
    return undefined
  }
  const slip = types.includes(word as JsonType) ? { type: word as JsonType } : slipOf(word)
  if (slip === undefined) {
    dropped(context, place, `one of ${types.join(', ')}`)
    return undefined
  }
  mended(context, place, `one of ${types.join(', ')}`, slip.type)
  if (slip.format !== undefined) context.out.format ??= slip.format
  return slip.type
}

function slipOf(word: string): { type: JsonType; format?: string } | undefined {
  return Object.hasOwn(slips, word) ? slips[word] : undefined
}

/** The types that a schema allows, as far as it says. */
export function typesIn(out: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Array.isArray(out.type) ? out.type : out.type === undefined ? [] : [out.type]
}
