import type { ContractModel } from '../../model/contract-model.ts'
import { resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { kindsOf } from './kinds.ts'
import { looksLike, textKindOf } from './text-kinds.ts'

type Definitions = ContractModel['definitions']

/** Whether one schema refuses what is written by another. */
export type IsApart = (written: JsonSchema, read: JsonSchema) => boolean

/**
 * Tells whether one schema refuses what is written by another, each pair of them once. It says so in doubt, too: what is found
 * by it is told to a person, who is not to be told what is not so.
 */
export function createApartness(definitions: Definitions): IsApart {
  const known = new Map<JsonSchema, Map<JsonSchema, boolean>>()
  return isApart

  function isApart(written: JsonSchema, read: JsonSchema): boolean {
    const [left, right] = [resolveSchema(written, definitions), resolveSchema(read, definitions)]
    if (typeof left !== 'object' || typeof right !== 'object') return true
    const ofLeft = known.get(left) ?? new Map<JsonSchema, boolean>()
    known.set(left, ofLeft)
    const answer = ofLeft.get(right)
    if (answer !== undefined) return answer
    // What comes back to the same two schemas finds nothing new there.
    ofLeft.set(right, true)
    const found = areApart(left, right)
    ofLeft.set(right, found)
    return found
  }

  function areApart(left: JsonSchemaObject, right: JsonSchemaObject): boolean {
    const ofLeft = left.oneOf ?? left.anyOf
    if (ofLeft !== undefined) return ofLeft.filter(isNotNull).every((option) => isApart(option, right))
    const ofRight = right.oneOf ?? right.anyOf
    if (ofRight !== undefined) return ofRight.filter(isNotNull).every((option) => isApart(left, option))
    if (isConditional(left) || isConditional(right)) return true

    const kinds = kindsOf(right, definitions)
    const shared = [...kindsOf(left, definitions)].filter((kind) => kind !== 'null' && kinds.has(kind))
    return shared.every((kind) => {
      switch (kind) {
        case 'object':
          return isObjectApart(left, right, isApart)
        case 'array':
          return isArrayApart(left, right, isApart)
        default:
          return isScalarApart(left, right)
      }
    })
  }
}

function isObjectApart(written: JsonSchemaObject, read: JsonSchemaObject, isApart: IsApart): boolean {
  if ([written, read].some(isOpenObject)) return true
  const [left, right] = [written.properties ?? {}, read.properties ?? {}]
  const refusesExtra = read.additionalProperties === false
  return (
    (read.required ?? []).some((key) => !Object.hasOwn(left, key)) ||
    (refusesExtra && (written.required ?? []).some((key) => !Object.hasOwn(right, key))) ||
    Object.entries(left).some(([key, property]) => {
      const other = Object.hasOwn(right, key) ? right[key] : undefined
      const isAlwaysThere = written.required?.includes(key) || read.required?.includes(key)
      return other !== undefined && isAlwaysThere === true && isApart(property, other)
    })
  )
}

/** Whether it has keys that are not in its list, or says more of them than that. */
function isOpenObject(schema: JsonSchemaObject): boolean {
  const { additionalProperties, patternProperties, propertyNames, minProperties, maxProperties } = schema
  const isOpen = additionalProperties !== undefined && additionalProperties !== false
  const more = [patternProperties, propertyNames, minProperties, maxProperties]
  return isOpen || more.some((keyword) => keyword !== undefined)
}

function isArrayApart(written: JsonSchemaObject, read: JsonSchemaObject, isApart: IsApart): boolean {
  if (written.prefixItems !== undefined || read.prefixItems !== undefined) return true
  if (written.items === undefined || read.items === undefined) return true
  return isApart(written.items, read.items)
}

function isScalarApart(written: JsonSchemaObject, read: JsonSchemaObject): boolean {
  const [left, right] = [valuesOf(written), valuesOf(read)]
  if (left !== undefined && right !== undefined) return !left.some((value) => right.includes(value))
  const kinds = [textKindOf(written), textKindOf(read)] as const
  if (left !== undefined) return isLimited(read) || !left.some((value) => looksLike(value, kinds[1]))
  if (right !== undefined) return isLimited(written) || !right.some((value) => looksLike(value, kinds[0]))
  if (isLimited(written) || isLimited(read)) return true
  // Any other text may look like anything.
  return kinds[0] !== kinds[1] && !kinds.includes('text')
}

function valuesOf(schema: JsonSchemaObject): readonly unknown[] | undefined {
  return 'const' in schema ? [schema.const] : schema.enum
}

function isLimited({
  minimum,
  maximum,
  pattern,
  minLength,
  maxLength,
  ...schema
}: JsonSchemaObject): boolean {
  if (schema['x-codec'] !== undefined) return false
  const limits = [minimum, maximum].filter((limit) => Math.abs(limit ?? 0) !== Number.MAX_SAFE_INTEGER)
  return [...limits, pattern, minLength, maxLength, schema.multipleOf].some((limit) => limit !== undefined)
}

function isConditional(schema: JsonSchemaObject): boolean {
  return ['allOf', 'not', 'if'].some((keyword) => keyword in schema)
}

function isNotNull(option: JsonSchema): boolean {
  return typeof option !== 'object' || option.type !== 'null'
}
