import type { JsonSchemaObject } from '../../model/json-schema.ts'
import { isBase64, stringFormat } from '../formats.ts'

/** What a schema says to people, and to tools that check nothing. */
export interface Annotations {
  /** The name to be known by in documents. */
  readonly id?: string
  readonly title?: string
  readonly description?: string
  readonly deprecated?: boolean
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  /** One that nothing checks. */
  readonly format?: string
  readonly contentEncoding?: unknown
  readonly contentMediaType?: unknown
}

const names = [
  'title',
  'description',
  'deprecated',
  'default',
  'examples',
  'contentEncoding',
  'contentMediaType',
] as const

const numberFormats: ReadonlySet<string> = new Set(['int32', 'int64'])

export function annotationsOf(schema: JsonSchemaObject): Annotations {
  const known = isBase64(schema) ? { ...schema, contentEncoding: undefined } : schema
  const entries = names.flatMap((name): [string, unknown][] =>
    known[name] === undefined || (known[name] === false && name === 'deprecated')
      ? []
      : [[name, known[name]]],
  )
  if (
    schema.format !== undefined &&
    !numberFormats.has(schema.format) &&
    stringFormat(schema.format) === undefined
  ) {
    entries.push(['format', schema.format])
  }
  return Object.fromEntries(entries)
}

export function hasAnnotations(annotations: Annotations): boolean {
  return Object.keys(annotations).length > 0
}
