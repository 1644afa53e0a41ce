import type { JsonSchemaObject } from '../../model/json-schema.ts'

/** What the text of each codec looks like. */
const looks: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}T/,
  bigint: /^-?\d+$/,
  integer: /^-?\d+$/,
  number: /^-?\d/,
  boolean: /^(true|false)$/,
  url: /^[a-z][a-z0-9+.-]*:/i,
}

/** What kind of text a schema describes: that of its codec or format, else `text`, which may look like anything. */
export function textKindOf(schema: JsonSchemaObject): string {
  const { format } = schema
  return (
    schema['x-codec'] ?? (format === 'date-time' ? 'date' : format === 'uri' ? 'url' : (format ?? 'text'))
  )
}

/** Whether a value may be a text of a kind. Anything may where the kind is not known. */
export function looksLike(value: unknown, kind: string): boolean {
  return typeof value !== 'string' || (looks[kind]?.test(value) ?? kind === 'text')
}
