import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { equalJson } from '../source/equal.ts'
import type { JsonRecord } from '../source/json-record.ts'

/** Holds a value against a schema: the first fault, or none. */
export type Check = (value: unknown, schema: JsonSchema, path: string) => string | undefined

export function validateArray(
  data: readonly unknown[],
  schema: JsonSchemaObject,
  path: string,
  check: Check,
): string | undefined {
  const { minItems, maxItems, uniqueItems, prefixItems = [], items = true, contains } = schema
  const name = path === '' ? 'it' : path
  if (minItems !== undefined && data.length < minItems) return `${name} has fewer than ${minItems} elements`
  if (maxItems !== undefined && data.length > maxItems) return `${name} has more than ${maxItems} elements`
  if (uniqueItems && data.some((one, index) => data.slice(0, index).some((other) => equalJson(one, other)))) {
    return `${name} has equal elements`
  }
  for (const [index, element] of data.entries()) {
    const fault = check(element, prefixItems[index] ?? items, `${path}[${index}]`)
    if (fault !== undefined) return fault
  }
  if (contains !== undefined && !data.some((element) => check(element, contains, path) === undefined)) {
    return `${name} lacks an element that it must contain`
  }
  return undefined
}

export function validateObject(
  data: JsonRecord,
  schema: JsonSchemaObject,
  path: string,
  check: Check,
): string | undefined {
  const { required = [], minProperties, maxProperties, propertyNames } = schema
  const name = path === '' ? 'it' : path
  const missing = required.find((key) => !Object.hasOwn(data, key))
  if (missing !== undefined) return `${name} lacks "${missing}"`
  const keys = Object.keys(data)
  if (minProperties !== undefined && keys.length < minProperties) return `${name} has too few members`
  if (maxProperties !== undefined && keys.length > maxProperties) return `${name} has too many members`
  for (const key of keys) {
    const inside = path === '' ? key : `${path}.${key}`
    if (propertyNames !== undefined && check(key, propertyNames, inside) !== undefined) {
      return `${inside} is not an allowed name`
    }
    for (const part of schemasFor(key, schema)) {
      const fault = check(data[key], part, inside)
      if (fault !== undefined) return fault
    }
  }
  return undefined
}

function schemasFor(key: string, schema: JsonSchemaObject): readonly JsonSchema[] {
  const { properties = {}, patternProperties = {}, additionalProperties = true } = schema
  const own = Object.hasOwn(properties, key) ? [properties[key] as JsonSchema] : []
  const matching = Object.entries(patternProperties).filter(([pattern]) => new RegExp(pattern, 'u').test(key))
  const known = [...own, ...matching.map(([, part]) => part)]
  return known.length > 0 ? known : [additionalProperties]
}
