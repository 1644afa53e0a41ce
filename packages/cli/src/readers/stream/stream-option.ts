import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { isDescription } from '../schema/join-conjuncts.ts'
import {
  conjuncts,
  type Definitions,
  definitionName,
  dereference,
  memberNames,
  memberView,
} from '../schema/schema-view.ts'

/** One of the things that a stream may carry. */
export interface StreamOption {
  /** Everything that holds for it. */
  readonly schema: JsonSchema
  /** Its schema with its own words, no ref. */
  readonly own: JsonSchemaObject
  /** The name of its definition, where it has one. */
  readonly name: string | undefined
}

export interface StreamOptions {
  readonly options: readonly StreamOption[]
  readonly discriminator: string | undefined
  /** Whether what is carried must be one of the options alone. */
  readonly union: 'anyOf' | 'oneOf'
}

/** The options of a union, through refs and unions within unions; the schema itself where it is none. */
export function streamOptions(
  schema: JsonSchema,
  definitions: Definitions,
  isIgnored: (schema: JsonSchema) => boolean,
): StreamOptions {
  const options: StreamOption[] = []
  const seen = new Set<JsonSchema>()
  let discriminator: string | undefined
  let union: 'anyOf' | 'oneOf' = 'oneOf'
  expand(schema, [])
  return { options, discriminator, union }

  function expand(part: JsonSchema, common: readonly JsonSchema[]): void {
    const target = dereference(part, definitions)
    if (target === undefined || isIgnored(target)) return
    // Null in a union says that there may be nothing; one with a name is something.
    if (isNull(target) && nameOf(part) === undefined) return
    const found = typeof target === 'object' ? unionIn(target, definitions) : undefined
    const isWhole = nameOf(part) !== undefined && !found?.options.every(hasName)
    if (found === undefined || isWhole || seen.has(target)) {
      const own = typeof target === 'object' ? target : {}
      options.push({ schema: joined(common, part, definitions), own, name: nameOf(part) })
      return
    }
    seen.add(target)
    discriminator ??= found.discriminator
    if (!found.isExclusive) union = 'anyOf'
    for (const option of found.options) expand(option, [...common, ...found.rest])
  }

  // A union that has a name, of things that have none, is one thing.
  function hasName(option: JsonSchema): boolean {
    if (nameOf(option) !== undefined || isNull(option)) return true
    if (typeof option === 'object' && option.title !== undefined) return true
    const names = memberNames(option, definitions)
    return names.some((name) => memberView(option, name, definitions).values?.length === 1)
  }
}

interface Union {
  readonly options: readonly JsonSchema[]
  /** What holds for all of them. */
  readonly rest: readonly JsonSchema[]
  readonly discriminator: string | undefined
  readonly isExclusive: boolean
}

function unionIn(schema: JsonSchemaObject, definitions: Definitions): Union | undefined {
  const { oneOf, anyOf, discriminator, title: _, description: __, ...others } = schema
  const options = oneOf ?? anyOf
  if (options !== undefined && (oneOf === undefined || anyOf === undefined)) {
    const rest = isDescription(others) ? [] : [others]
    return { options, rest, discriminator: discriminator?.propertyName, isExclusive: oneOf !== undefined }
  }
  // `allOf` with one union in it: what is beside the union holds for each of its options.
  const parts = schema.allOf ?? []
  const unions = parts.map((part) => {
    const target = dereference(part, definitions)
    return typeof target === 'object' && target.allOf === undefined ? unionIn(target, definitions) : undefined
  })
  const [union, another] = unions.filter((found) => found !== undefined)
  if (union === undefined || another !== undefined) return undefined
  const { allOf: ___, ...own } = others as JsonSchemaObject
  const beside = parts.filter((_part, index) => unions[index] === undefined)
  return { ...union, rest: [...(isDescription(own) ? [] : [own]), ...beside, ...union.rest] }
}

function joined(common: readonly JsonSchema[], option: JsonSchema, definitions: Definitions): JsonSchema {
  const isObject = conjuncts(option, definitions).some(({ type }) => type === 'object')
  const needed = common.filter((part) => !(isObject && isOnlyObject(part)))
  return needed.length === 0 ? option : { allOf: [...needed, option] }
}

function isOnlyObject(schema: JsonSchema): boolean {
  return typeof schema === 'object' && Object.keys(schema).length === 1 && schema.type === 'object'
}

function isNull(schema: JsonSchema): boolean {
  return typeof schema === 'object' && schema.type === 'null'
}

function nameOf(schema: JsonSchema): string | undefined {
  if (typeof schema !== 'object') return undefined
  if (schema.$ref !== undefined) return definitionName(schema.$ref)
  // A mapping put a constant beside the ref.
  const refs = (schema.allOf ?? []).filter((part) => typeof part === 'object' && part.$ref !== undefined)
  return refs.length === 1 ? nameOf(refs[0] as JsonSchema) : undefined
}
