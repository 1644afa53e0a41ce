import type { JsonSchema, JsonSchemaObject, JsonType } from '../../model/json-schema.ts'
import { equalJson } from '../source/equal.ts'
import { describeValue, isObject } from '../source/json-record.ts'
import { hasFormat } from './formats.ts'
import { type Definitions, definitionName } from './schema-view.ts'
import { type Check, validateArray, validateObject } from './validate-members.ts'

/**
 * The first thing about a value that a schema of the model refuses, for a person; `undefined` when it fits. For examples, of
 * which there are few and small ones.
 */
export function validate(value: unknown, schema: JsonSchema, definitions: Definitions): string | undefined {
  // A schema that comes back to itself with the same value has nothing further to say about it.
  const underway = new Map<JsonSchema, unknown[]>()
  return check(value, schema, '')

  function check(data: unknown, against: JsonSchema, path: string): string | undefined {
    if (typeof against === 'boolean') return against ? undefined : at(path, 'must not be there')
    const open = underway.get(against) ?? []
    if (open.includes(data)) return undefined
    underway.set(against, [...open, data])
    try {
      return checkObject(data, against, path)
    } finally {
      underway.set(against, open)
    }
  }

  function checkObject(data: unknown, against: JsonSchemaObject, path: string): string | undefined {
    return (
      checkReference(data, against, path) ??
      checkValue(data, against, path) ??
      (Array.isArray(data) ? validateArray(data, against, path, check) : undefined) ??
      (isObject(data) ? validateObject(data, against, path, check) : undefined) ??
      checkLogic(data, against, path, check)
    )
  }

  function checkReference(data: unknown, { $ref }: JsonSchemaObject, path: string): string | undefined {
    const target = $ref === undefined ? undefined : definitions.get(definitionName($ref))
    return target === undefined ? undefined : check(data, target, path)
  }
}

function checkValue(data: unknown, schema: JsonSchemaObject, path: string): string | undefined {
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.some((type) => isType(data, type))) {
    return at(path, `is ${describeValue(data)}, not ${types.join(' or ')}`)
  }
  if (Object.hasOwn(schema, 'const') && !equalJson(data, schema.const)) {
    return at(path, `is not ${describeValue(schema.const)}`)
  }
  if (schema.enum !== undefined && !schema.enum.some((option) => equalJson(option, data))) {
    return at(path, `is ${describeValue(data)}, which is not in the list`)
  }
  if (typeof data === 'number') return checkNumber(data, schema, path)
  return typeof data === 'string' ? checkString(data, schema, path) : undefined
}

function checkNumber(data: number, schema: JsonSchemaObject, path: string): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (minimum !== undefined && data < minimum) return at(path, `is ${data}, below ${minimum}`)
  if (maximum !== undefined && data > maximum) return at(path, `is ${data}, above ${maximum}`)
  if (exclusiveMinimum !== undefined && data <= exclusiveMinimum) {
    return at(path, `is ${data}, not above ${exclusiveMinimum}`)
  }
  if (exclusiveMaximum !== undefined && data >= exclusiveMaximum) {
    return at(path, `is ${data}, not below ${exclusiveMaximum}`)
  }
  if (multipleOf !== undefined && Math.abs(data / multipleOf - Math.round(data / multipleOf)) > 1e-8) {
    return at(path, `is ${data}, no multiple of ${multipleOf}`)
  }
  return undefined
}

function checkString(data: string, schema: JsonSchemaObject, path: string): string | undefined {
  const { minLength, maxLength, pattern, format } = schema
  const length = [...data].length
  if (minLength !== undefined && length < minLength) return at(path, `is shorter than ${minLength}`)
  if (maxLength !== undefined && length > maxLength) return at(path, `is longer than ${maxLength}`)
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(data)) {
    return at(path, `is ${describeValue(data)}, which does not match ${pattern}`)
  }
  if (format !== undefined && !hasFormat(data, format)) {
    return at(path, `is ${describeValue(data)}, which is no ${format}`)
  }
  return undefined
}

function checkLogic(data: unknown, schema: JsonSchemaObject, path: string, check: Check): string | undefined {
  const fits = (part: JsonSchema) => check(data, part, path) === undefined
  const fitsNone = (options: readonly JsonSchema[]) => {
    const faults = options.map((option) => check(data, option, path))
    // An option that fails further in was more likely meant than one that the value is nothing of.
    const inner = faults.find((fault) => fault !== undefined && !fault.startsWith(at(path, '')))
    return at(path, `fits none of the options${inner === undefined ? '' : `: ${inner}`}`)
  }
  for (const part of schema.allOf ?? []) {
    const fault = check(data, part, path)
    if (fault !== undefined) return fault
  }
  if (schema.anyOf !== undefined && !schema.anyOf.some(fits)) return fitsNone(schema.anyOf)
  const count = schema.oneOf?.filter(fits).length ?? 1
  if (count > 1) return at(path, 'fits several options of "oneOf", of which it may fit one')
  if (count === 0) return fitsNone(schema.oneOf ?? [])
  if (schema.not !== undefined && fits(schema.not)) return at(path, 'fits what it must not')
  if (schema.if === undefined) return undefined
  const consequence = fits(schema.if) ? schema.then : schema.else
  return consequence === undefined ? undefined : check(data, consequence, path)
}

function isType(data: unknown, type: JsonType): boolean {
  switch (type) {
    case 'null':
      return data === null
    case 'array':
      return Array.isArray(data)
    case 'object':
      return isObject(data)
    case 'integer':
      return Number.isInteger(data)
    default:
      return typeof data === type
  }
}

function at(path: string, what: string): string {
  return path === '' ? `it ${what}` : `${path} ${what}`
}
