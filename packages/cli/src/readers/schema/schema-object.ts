import type { JsonSchema } from '../../model/json-schema.ts'
import type { Problems } from '../problems.ts'
import { isObject, type JsonRecord, member } from '../source/json-record.ts'
import { type Place, within } from '../source/place.ts'
import { isRef } from '../source/resolver.ts'
import { readAnnotations } from './annotation-keywords.ts'
import { readArrayKeywords } from './array-keywords.ts'
import { readDependencies } from './dependency-keywords.ts'
import type { Dialect } from './dialect.ts'
import { readDiscriminator } from './discriminator.ts'
import { joinConjuncts } from './join-conjuncts.ts'
import { constraintKeywords, misspelt } from './keywords.ts'
import { readLogicKeywords } from './logic-keywords.ts'
import { applyNullable } from './nullable.ts'
import { readCounts, readNumberKeywords } from './number-keywords.ts'
import { readObjectKeywords } from './object-keywords.ts'
import type { SchemaContext } from './schema-context.ts'
import type { Definitions } from './schema-view.ts'
import { readStringKeywords } from './string-keywords.ts'
import { readType } from './type-keyword.ts'
import { readUnevaluatedProperties } from './unevaluated.ts'
import { readConstants, readSamples, type Sample } from './value-keywords.ts'

export interface ReadSchemaObject {
  readonly schema: Record<string, unknown>
  /** The part of it that has the keywords of the source: itself, unless null is accepted beside. */
  readonly core: Record<string, unknown>
  /** To be held against the schema once it is finished. */
  readonly samples: readonly Sample[]
  /** What can be done only when all definitions are read. */
  readonly after: readonly ((schema: Record<string, unknown>, definitions: Definitions) => void)[]
}

interface Tools {
  readonly problems: Problems
  readonly read: (place: Place) => JsonSchema
  /** What a `$ref` leads to, as a schema. */
  readonly resolve: (place: Place) => JsonSchema
}

/** Reads one schema that is an object, keyword by keyword. */
export function readSchemaObject(place: Place<JsonRecord>, dialect: Dialect, tools: Tools): ReadSchemaObject {
  const target = readTarget(place, tools)
  const bare = target !== undefined && !dialect.refSiblings
  const context: SchemaContext = {
    place,
    source: bare ? withoutConstraints(place, tools.problems) : place.value,
    dialect,
    problems: tools.problems,
    out: {},
    also: target === undefined ? [] : [target],
    read: tools.read,
  }

  readAnnotations(context)
  readType(context)
  readConstants(context)
  readStringKeywords(context)
  readNumberKeywords(context)
  readCounts(context)
  readArrayKeywords(context)
  readObjectKeywords(context)
  readDependencies(context)
  readLogicKeywords(context)
  const after = [readDiscriminator(context), readUnevaluatedProperties(context)].filter(
    (task) => task !== undefined,
  )
  const samples = readSamples(context)
  warnOfMisspelt(context)

  const { whole, core } = applyNullable(context, joinConjuncts(context.out, context.also))
  return { schema: whole, core, samples, after }
}

// Dynamic refs are read as plain ones, which they are unless a schema around overrides what they name.
function readTarget(place: Place<JsonRecord>, tools: Tools): JsonSchema | undefined {
  if (isRef(place)) return tools.resolve(place)
  for (const name of ['$dynamicRef', '$recursiveRef']) {
    const ref = member(place.value, name)
    if (typeof ref !== 'string') continue
    tools.problems.warning(within(place, name), `"${name}" is read as "$ref"`)
    return tools.resolve({ ...place, value: { $ref: ref } })
  }
  if (member(place.value, '$ref') !== undefined) {
    tools.problems.loss(within(place, '$ref'), '"$ref" must be a string; it is left out')
  }
  return undefined
}

// Up to draft-07 nothing beside a `$ref` counts. Words do no harm there.
function withoutConstraints(place: Place<JsonRecord>, problems: Problems): JsonRecord {
  const entries = Object.entries(place.value)
  const ignored = entries.filter(
    ([name]) => constraintKeywords.has(name) && !['$ref', 'nullable'].includes(name),
  )
  if (ignored.length > 0) {
    const list = ignored.map(([name]) => `"${name}"`).join(', ')
    problems.warning(
      place,
      `${list} beside "$ref" has no meaning in this version of JSON Schema and is left out`,
    )
  }
  return Object.fromEntries(entries.filter((entry) => !ignored.includes(entry)))
}

function warnOfMisspelt({ source, place, problems }: SchemaContext): void {
  for (const name of Object.keys(source)) {
    const meant = misspelt(name)
    if (meant === undefined || isObject(source[meant])) continue
    problems.warning(within(place, name), `"${name}" is no keyword; did you mean "${meant}"?`)
  }
}
