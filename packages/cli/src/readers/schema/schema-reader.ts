import type { JsonSchema } from '../../model/json-schema.ts'
import { uniqueName } from '../names/unique.ts'
import type { Problems } from '../problems.ts'
import { describeValue, isObject, member, textMember } from '../source/json-record.ts'
import { identityOf, isObjectPlace, keyOf, type Place, within } from '../source/place.ts'
import type { Resolver } from '../source/resolver.ts'
import { breakCircles } from './break-circles.ts'
import { definitionNameFor } from './definition-name.ts'
import { type Dialect, dialectOfFormat, dialectOfUri } from './dialect.ts'
import { looksLikeSchema } from './keywords.ts'
import { readSchemaObject } from './schema-object.ts'
import { type Definitions, refTo } from './schema-view.ts'
import { validate } from './validate.ts'
import type { Sample } from './value-keywords.ts'

/** Reads schemas of any dialect into the model's: each ref becomes one to a named definition. */
export interface SchemaReader {
  read(place: Place, dialect: Dialect): JsonSchema
  /** Reads what refs lead to, and does what must wait for that; to be called before any schema is looked at. */
  settle(): void
  readonly definitions: Definitions
  /** Where a schema was read from. */
  placeOf(schema: JsonSchema): Place | undefined
  /** Says of a schema that was made from another that it is at the same place. */
  replaced(schema: JsonSchema, by: JsonSchema): void
}

export function createSchemaReader(resolver: Resolver, problems: Problems): SchemaReader {
  const definitions = new Map<string, JsonSchema>()
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const places = new WeakMap<object, Place>()
  const unread: (() => void)[] = []
  const waiting: (() => void)[] = []
  const sampled: (() => void)[] = []

  return {
    read,
    settle,
    definitions,
    placeOf,
    replaced(schema, by) {
      const place = placeOf(schema)
      if (place !== undefined && typeof by === 'object') places.set(by, place)
    },
  }

  function placeOf(schema: JsonSchema): Place | undefined {
    return typeof schema === 'object' ? places.get(schema) : undefined
  }

  function read(place: Place, dialect: Dialect): JsonSchema {
    const schema = readInPlace(place, dialect)
    // What refers to itself from inside is a definition by now.
    const name = names.get(identityOf(place))
    return name === undefined ? schema : refTo(name)
  }

  function readInPlace(place: Place, dialect: Dialect): JsonSchema {
    const { value } = place
    if (typeof value === 'boolean') return value
    if (value === null) {
      problems.warning(place, 'the schema is empty; any value is accepted')
      return true
    }
    if (!isObjectPlace(place)) {
      problems.loss(place, `a schema must be an object, not ${describeValue(value)}; any value is accepted`)
      return true
    }
    if (typeof place.value.schemaFormat === 'string' && isObject(place.value.schema)) {
      return readFormatted(place, place.value.schemaFormat)
    }
    const stated = textMember(place.value, '$schema')
    const spoken = (stated === undefined ? undefined : dialectOfUri(stated)) ?? dialect
    const { schema, core, samples, after } = readSchemaObject(place, spoken, {
      problems,
      read: (child) => read(child, spoken),
      resolve: (ref) => readRef(ref, spoken),
    })
    places.set(schema, place)
    for (const task of after) waiting.push(() => task(core, definitions))
    if (samples.length > 0) sampled.push(() => checkSamples(schema, samples))
    return schema as JsonSchema
  }

  function readRef(place: Place, dialect: Dialect): JsonSchema {
    const { place: target, why } = resolver.followBare(place)
    if (target === undefined) {
      problems.loss(place, `${why}; any value is accepted in its place`)
      return true
    }
    const found = schemaIn(place, target)
    if (typeof found.value === 'boolean') return found.value
    const identity = identityOf(found)
    const known = names.get(identity)
    if (known !== undefined) return refTo(known)
    const wanted = definitionNameFor(found)
    const name = uniqueName(wanted, (candidate) => taken.has(candidate))
    taken.add(name)
    if (name !== wanted) {
      problems.warning(found, `another schema is called "${wanted}" already; this one is called "${name}"`)
    }
    names.set(identity, name)
    definitions.set(name, true)
    // Later, since a chain of a thousand refs is deeper than the stack.
    unread.push(() => definitions.set(name, readInPlace(found, dialect)))
    return refTo(name)
  }

  // A ref to a message where a schema must be: its payload is meant.
  function schemaIn(place: Place, target: Place): Place {
    if (
      !isObject(target.value) ||
      looksLikeSchema(target.value) ||
      member(target.value, 'payload') === undefined
    ) {
      return target
    }
    problems.warning(
      place,
      `this leads to a message, "${keyOf(target)}", not to a schema; its payload is read`,
    )
    const payload = within(target, 'payload')
    return resolver.follow(payload).place ?? payload
  }

  // AsyncAPI 3: a schema with the name of its language.
  function readFormatted(place: Place, format: string): JsonSchema {
    const dialect = dialectOfFormat(format)
    if (typeof dialect === 'object') return read(within(place, 'schema'), dialect)
    problems.loss(place, `${dialect} schemas are not read; any value is accepted`)
    return true
  }

  function settle(): void {
    for (let task = unread.shift(); task !== undefined; task = unread.shift()) task()
    for (const task of waiting.splice(0)) task()
    breakCircles(definitions, (name, inside) => {
      const place = places.get(definitions.get(name) as object) ?? places.get(inside as object)
      if (place !== undefined)
        problems.loss(place, `"${name}" is defined by itself; that part of it is left out`)
    })
    // Samples are held against schemas that are finished.
    for (const task of sampled.splice(0)) task()
  }

  function checkSamples(schema: Record<string, unknown>, samples: readonly Sample[]): void {
    const { default: _, examples: __, ...bare } = schema
    const right: unknown[] = []
    for (const { keyword, place, value } of samples) {
      const fault = validate(value, bare as JsonSchema, definitions)
      if (fault === undefined) {
        if (keyword === 'examples') right.push(value)
        continue
      }
      const what = keyword === 'default' ? 'the default' : 'the example'
      problems.warning(
        place,
        `${what} does not fit its schema (${fault}); it is left out`,
        keyword === 'default' ? 'default' : 'example',
      )
      if (keyword === 'default') delete schema.default
    }
    if (right.length > 0) schema.examples = right
    else delete schema.examples
  }
}
