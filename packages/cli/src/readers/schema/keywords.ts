import { nearest } from '../source/nearest.ts'

/** Keywords that say something about a value to people only. */
export const annotations: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
])

/** Keywords of any dialect that constrain a value or lead to schemas that do. */
const constraints = [
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  'type',
  'enum',
  'const',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'properties',
  'required',
  'additionalProperties',
  'patternProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
  'contains',
  'minContains',
  'maxContains',
  'minItems',
  'maxItems',
  'uniqueItems',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'nullable',
  'discriminator',
] as const

export const constraintKeywords: ReadonlySet<string> = new Set(constraints)

const byLowerCase = new Map<string, string>(constraints.map((name) => [name.toLowerCase(), name]))

// Keywords that constrain nothing, or that are read elsewhere.
const others: ReadonlySet<string> = new Set([
  ...annotations,
  '$schema',
  '$id',
  'id',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
  '$comment',
  '$defs',
  '$vocabulary',
  'definitions',
  'example',
  'externalDocs',
  'readOnly',
  'writeOnly',
  'xml',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
])

/** The keyword that was meant by a name that is none: `anyof`, `requierd`. Most names that are none are meant to be none. */
export function misspelt(name: string): string | undefined {
  if (constraintKeywords.has(name) || others.has(name) || name.startsWith('x-')) return undefined
  const meant = byLowerCase.get(name.toLowerCase())
  return meant ?? (name.length < 6 ? undefined : nearest(name, constraints, 2))
}

/** Whether a value has anything of a schema in it. */
export function looksLikeSchema(value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(value).some((name) => constraintKeywords.has(name))
}
