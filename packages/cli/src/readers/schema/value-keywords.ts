import { equalJson } from '../source/equal.ts'
import { isObject } from '../source/json-record.ts'
import { elementsOf, membersOf, type Place } from '../source/place.ts'
import { dropped, keyword, mended, type SchemaContext } from './schema-context.ts'
import { typesIn } from './type-keyword.ts'

/** Reads `enum` and `const`. */
export function readConstants(context: SchemaContext): void {
  const constant = keyword(context, 'const')
  if (constant !== undefined) context.out.const = asWritten(context, constant)

  const place = keyword(context, 'enum')
  if (place === undefined) return
  if (isObject(place.value) || place.value === null) {
    dropped(context, place, 'a list of values')
    return
  }
  if (!Array.isArray(place.value)) {
    mended(context, place, 'a list of values', [place.value])
    context.out.enum = [place.value]
    return
  }
  if (place.value.length === 0) {
    dropped(context, place, 'a list with a value in it')
    return
  }
  const values: unknown[] = []
  for (const element of elementsOf(place)) {
    const value = asWritten(context, element)
    if (!values.some((known) => equalJson(known, value))) values.push(value)
  }
  context.out.enum = values
}

/** A value given as `default` or as an example, which has yet to be held against the schema. */
export interface Sample {
  readonly keyword: 'default' | 'examples'
  readonly place: Place
  readonly value: unknown
}

/** Reads `default`, `examples` and OpenAPI's `example`. */
export function readSamples(context: SchemaContext): readonly Sample[] {
  const samples: Sample[] = []
  const take = (name: Sample['keyword'], place: Place) =>
    samples.push({ keyword: name, place, value: asWritten(context, place) })

  const preset = keyword(context, 'default')
  if (preset !== undefined) take('default', preset)
  const example = keyword(context, 'example')
  if (example !== undefined) take('examples', example)
  const examples = keyword(context, 'examples')
  if (examples !== undefined) {
    // OpenAPI's media types have a map of examples, which some write into schemas too.
    const places = Array.isArray(examples.value) ? elementsOf(examples) : membersOf(examples)
    for (const place of places) take('examples', place)
  }

  if (preset !== undefined) context.out.default = samples[0]?.value
  const shown = samples.filter((sample) => sample.keyword === 'examples').map(({ value }) => value)
  if (shown.length > 0) context.out.examples = shown
  return samples
}

// YAML reads an unquoted 1.0, 007 or no as a number or a truth; where only strings are allowed, the text was meant.
function asWritten(context: SchemaContext, place: Place): unknown {
  const { value } = place
  const types = typesIn(context.out)
  if (typeof value !== 'number' && typeof value !== 'boolean') return value
  if (types.length === 0 || types.some((type) => type !== 'string' && type !== 'null')) return value
  const text = place.file.textOf(place.tokens) ?? String(value)
  context.problems.warning(place, `${text} is not a string; it is read as "${text}"`)
  return text
}
