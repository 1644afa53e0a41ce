import * as z from 'zod/v4/core'
import type { Problem } from '../model/problem.ts'
import { codecName } from './codec-name.ts'
import { toWire } from './schema-values.ts'
import { withShortFormat } from './string-format.ts'

type Keywords = Record<string, unknown>

/** Hears of what is left out, and what that is about. */
export type Report = (message: string, about: NonNullable<Problem['about']>) => void

/** Puts right, in place, what Zod wrote for one schema. `report` hears of examples and defaults that do not fit. */
export function mendKeywords(schema: z.$ZodType, json: Keywords, report: Report): void {
  const { def } = (schema as z.$ZodTypes)._zod
  if (def.type === 'string') replace(json, withShortFormat(schema, json))
  // `readOnly` of a document is about who may write, not about the type in code.
  if (def.type === 'readonly') delete json.readOnly
  // A copy of a named schema is a ref to it, where this is said already.
  const isRef = '$ref' in json
  if (!isRef && def.type === 'union' && 'discriminator' in def && typeof def.discriminator === 'string') {
    json.discriminator = { propertyName: def.discriminator }
  }
  // Every key is a string.
  if (def.type === 'record' && isBareString(json.propertyNames)) delete json.propertyNames
  // Written with `z.coerce`, in the params of a path: on the wire it is digits.
  if (def.type === 'bigint')
    replace(json, { ...json, type: 'string', pattern: '^-?\\d+$', 'x-codec': 'bigint' })
  const codec = codecName(schema)
  if (codec !== undefined && !isRef) json['x-codec'] = codec
  if (def.type === 'default') mendDefault(schema as z.$ZodDefault, json, report)
  else restoreDefault(schema, json, report)
  mendExamples(schema, json, report)
}

function mendDefault(schema: z.$ZodDefault, json: Keywords, report: Report): void {
  const { def } = schema._zod
  const [first, second] = [def.defaultValue, def.defaultValue]
  const [wire, again] = [toWire(def.innerType, first), toWire(def.innerType, second)]
  const computed = first instanceof Date ? first !== second : JSON.stringify(wire) !== JSON.stringify(again)
  delete json.default
  if (computed) report('the default is computed anew each time, so it is left out', 'code')
  else if ('fault' in wire) report(`the default does not fit its schema: ${wire.fault}`, 'default')
  else json.default = wire.wire
}

/** Zod leaves out a default that is only said by `.meta()`, too, where there is a codec. */
function restoreDefault(schema: z.$ZodType, json: Keywords, report: Report): void {
  const preset = metaOf(schema)?.default
  const { parent } = schema._zod
  if (
    preset === undefined ||
    'default' in json ||
    (parent !== undefined && metaOf(parent)?.default === preset)
  )
    return
  const result = toWire(schema, preset)
  if ('wire' in result) json.default = result.wire
  else report(`the default does not fit its schema: ${result.fault}`, 'default')
}

/** Zod leaves out the examples of what has a codec, since they are written as the type in code. */
function mendExamples(schema: z.$ZodType, json: Keywords, report: Report): void {
  const examples = metaExamples(schema)
  const parent = schema._zod.parent
  // A copy of a named schema is a ref to it, and the examples stand there.
  if (examples === undefined || ('$ref' in json && parent !== undefined && metaExamples(parent) === examples))
    return
  const wire: unknown[] = []
  for (const [index, example] of toList(examples).entries()) {
    const result = toWire(schema, example)
    if ('wire' in result) wire.push(result.wire)
    else report(`example ${index + 1} does not fit its schema: ${result.fault}`, 'example')
  }
  delete json.examples
  if (wire.length > 0) json.examples = wire
}

function metaExamples(schema: z.$ZodType): unknown {
  return metaOf(schema)?.examples
}

function metaOf(schema: z.$ZodType): Readonly<Record<string, unknown>> | undefined {
  return z.globalRegistry.get(schema)
}

/** OpenAPI's habit of naming examples, `{ small: { value: … } }`, is taken, too. */
function toList(examples: unknown): readonly unknown[] {
  if (Array.isArray(examples)) return examples
  if (typeof examples !== 'object' || examples === null) return [examples]
  return Object.values(examples).map((example: unknown) =>
    typeof example === 'object' && example !== null && 'value' in example ? example.value : example,
  )
}

function isBareString(names: unknown): boolean {
  return (
    typeof names === 'object' &&
    names !== null &&
    Object.entries(names).every(([keyword, value]) => keyword === 'type' && value === 'string')
  )
}

function replace(json: Keywords, keywords: Readonly<Keywords>): void {
  for (const key of Object.keys(json)) delete json[key]
  Object.assign(json, keywords)
}
