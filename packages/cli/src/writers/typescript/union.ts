import { resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { plainCodecOf } from './codecs.ts'
import type { SourceContext } from './source-context.ts'

/** How the options of a union are told apart without a schema. */
export type UnionPlan =
  | {
      readonly kind: 'tagged'
      readonly nullable: boolean
      readonly member: string
      readonly options: readonly { readonly tags: readonly unknown[]; readonly schema: JsonSchema }[]
    }
  /** Objects in which a member changes in the same way wherever it stands, so that it does not matter which one it is. */
  | { readonly kind: 'objects'; readonly nullable: boolean; readonly combined: JsonSchemaObject }
  /** The first that takes the value. */
  | { readonly kind: 'either'; readonly nullable: boolean; readonly options: readonly JsonSchema[] }
  | { readonly kind: 'ambiguous' }

export function unionOf(
  all: readonly JsonSchema[],
  discriminator: string | undefined,
  context: SourceContext,
): UnionPlan {
  const resolved = (option: JsonSchema) => resolveSchema(option, context.definitions)
  const isNull = (option: JsonSchema) => typeOf(resolved(option)) === 'null'
  const nullable = all.some(isNull)
  const options = all.filter((option) => !isNull(option))

  if (options.length === 1) return { kind: 'either', nullable, options }
  const objects = options.map(resolved).filter(isObject)
  if (objects.length === options.length) {
    const member = discriminator ?? tagOf(objects)
    const tagged = options.map((schema, index) => ({ schema, tags: tagsOf(objects[index], member) }))
    if (member !== undefined && tagged.every(({ tags }) => tags.length > 0)) {
      return { kind: 'tagged', nullable, member, options: tagged }
    }
    const combined = combineObjects(options, context)
    return combined === undefined ? { kind: 'ambiguous' } : { kind: 'objects', nullable, combined }
  }
  return inOrder(options, nullable, context)
}

/** Options of several types of JSON, of which a codec looks at the values of its own. */
function inOrder(options: readonly JsonSchema[], nullable: boolean, context: SourceContext): UnionPlan {
  const resolved = (option: JsonSchema) => resolveSchema(option, context.definitions)
  const isText = (option: JsonSchema) => typeOf(resolved(option)) === 'string'
  const changing = options.filter((option) => context.changes(option))
  const unchanged = options.filter((option) => !changing.includes(option))
  // A text that is no date is passed on to the next. One that may be any text was taken before it came to a date.
  const takesAnyText = options.findIndex(
    (option) => !changing.includes(option) && isAnyText(resolved(option)),
  )
  const texts = changing.filter(
    (option) => isText(option) && (takesAnyText === -1 || options.indexOf(option) < takesAnyText),
  )
  // An object or an array is not looked at closely enough to be told from another one, so there may be only one of each.
  const [other, ...more] = changing.filter((option) => !isText(option))
  if (more.length > 0) return { kind: 'ambiguous' }
  if (other === undefined) return { kind: 'either', nullable, options: [...texts, ...unchanged] }
  const type = typeOf(resolved(other))
  if (unchanged.some((option) => typeOf(resolved(option)) === type)) return { kind: 'ambiguous' }
  // Codecs of objects and lists pass on what is something else.
  const passes = plainCodecOf(resolved(other) as JsonSchemaObject) === undefined
  return { kind: 'either', nullable, options: [...texts, other, ...(passes ? [] : unchanged)] }
}

function isAnyText(schema: JsonSchema | undefined): boolean {
  if (typeof schema !== 'object' || schema.type !== 'string') return false
  return ['enum', 'const', 'format', 'pattern', 'minLength', 'maxLength', 'allOf'].every(
    (key) => !(key in schema),
  )
}

/**
 * Several objects as one, whose members change as theirs do; `undefined` when a member changes in one of them and not, or
 * otherwise, in another.
 */
export function combineObjects(
  schemas: readonly JsonSchema[],
  context: SourceContext,
): JsonSchemaObject | undefined {
  const properties: Record<string, JsonSchema> = Object.create(null)
  const required = new Set<string>()
  for (const schema of schemas) {
    const object = resolveSchema(schema, context.definitions)
    if (!isObject(object) || object.oneOf || object.anyOf || object.allOf) return undefined
    if (context.changes(object.additionalProperties ?? true)) return undefined
    for (const [key, property] of Object.entries(object.properties ?? {})) {
      const known = properties[key]
      if (
        known !== undefined &&
        (context.changes(known) || context.changes(property)) &&
        !same(known, property)
      ) {
        return undefined
      }
      const standard = context.defaultOf(property) !== undefined && !object.required?.includes(key)
      // A default belongs to one of them alone.
      if (standard && schemas.length > 1) return undefined
      properties[key] = property
      if (object.required?.includes(key)) required.add(key)
    }
  }
  return { type: 'object', properties, required: [...required] }
}

function same(left: JsonSchema, right: JsonSchema): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

function isObject(schema: JsonSchema | undefined): schema is JsonSchemaObject {
  return typeof schema === 'object' && (schema.type === 'object' || schema.properties !== undefined)
}

function typeOf(schema: JsonSchema | undefined): unknown {
  return typeof schema === 'object' ? schema.type : undefined
}

/** A member that has another constant in each object. */
function tagOf(objects: readonly JsonSchemaObject[]): string | undefined {
  return Object.keys(objects[0]?.properties ?? {}).find((member) => {
    const tags = objects.map((object) => tagsOf(object, member))
    const values = tags.flat()
    return tags.every((own) => own.length > 0) && new Set(values).size === values.length
  })
}

function tagsOf(object: JsonSchemaObject | undefined, member: string | undefined): readonly unknown[] {
  const tag = member === undefined ? undefined : object?.properties?.[member]
  if (typeof tag !== 'object') return []
  return 'const' in tag ? [tag.const] : (tag.enum ?? [])
}
