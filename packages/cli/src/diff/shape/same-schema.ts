import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { asObject, holdsList, holdsMap, holdsSchema, holdsSet, isAnnotation } from './keywords.ts'
import type { Scope } from './scope.ts'
import type { Condition } from './shape.ts'
import { stableText } from './stable-text.ts'

/**
 * Whether two schemas are written alike, whatever their definitions are called and in whatever order their keys stand.
 *
 * @param annotations whether titles, descriptions and the like count
 */
export function sameSchema(left: Condition, right: Condition, annotations = false): boolean {
  const assumed = new Set<string>()

  function same(a: JsonSchema, b: JsonSchema): boolean {
    const from = resolved(a, left.scope, annotations)
    const to = resolved(b, right.scope, annotations)
    // Of a recursive schema, a pair that is being compared is taken to be alike: a difference would be found elsewhere.
    const pair = `${left.scope.idOf(from)} ${right.scope.idOf(to)}`
    if (assumed.has(pair)) return true
    assumed.add(pair)
    const counts = (keyword: string) => annotations || !isAnnotation(keyword)
    return sameMembers(
      asObject(from),
      asObject(to),
      (keyword, x, y) => !counts(keyword) || sameKeyword(keyword, x, y),
    )
  }

  function sameKeyword(keyword: string, x: unknown, y: unknown): boolean {
    if (x === undefined || y === undefined) return x === y
    if (keyword === '$ref') return sameRef({ $ref: String(x) }, { $ref: String(y) })
    if (holdsSchema.has(keyword)) return same(x as JsonSchema, y as JsonSchema)
    if (holdsList.has(keyword)) return sameList(x as readonly JsonSchema[], y as readonly JsonSchema[])
    if (holdsMap.has(keyword)) {
      return sameMembers(x as object, y as object, (_, p, q) =>
        p === undefined || q === undefined ? false : same(p as JsonSchema, q as JsonSchema),
      )
    }
    if (holdsSet.has(keyword)) return asSet(x) === asSet(y)
    return stableText(x) === stableText(y)
  }

  // One that leads nowhere is told by its text.
  function sameRef(a: JsonSchemaObject, b: JsonSchemaObject): boolean {
    const leads = left.scope.resolve(a) !== a && right.scope.resolve(b) !== b
    return leads ? same(a, b) : a.$ref === b.$ref
  }

  function sameList(a: readonly JsonSchema[], b: readonly JsonSchema[]): boolean {
    return a.length === b.length && a.every((schema, index) => same(schema, b[index] as JsonSchema))
  }

  return same(left.schema, right.schema)
}

// A ref with nothing but annotations beside it is what it refers to, when these do not count.
function resolved(schema: JsonSchema, { resolve }: Scope, annotations: boolean): JsonSchema {
  if (annotations || typeof schema === 'boolean' || schema.$ref === undefined) return resolve(schema)
  const bare = Object.keys(schema).every((keyword) => keyword === '$ref' || isAnnotation(keyword))
  return resolve(bare ? { $ref: schema.$ref } : schema)
}

function sameMembers(a: object, b: object, same: (key: string, x: unknown, y: unknown) => boolean): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  const own = (object: object, key: string): unknown =>
    Object.hasOwn(object, key) ? (object as Readonly<Record<string, unknown>>)[key] : undefined
  return [...keys].every((key) => same(key, own(a, key), own(b, key)))
}

function asSet(value: unknown): string {
  const members: readonly unknown[] = Array.isArray(value) ? value : [value]
  return JSON.stringify([...new Set(members.map(stableText))].sort())
}
