import type { JsonSchemaObject } from '../../model/json-schema.ts'
import { textLike } from './pattern-text.ts'

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-11-20T12:00:00.000Z',
  date: '2026-11-20',
  time: '12:00:00Z',
  duration: 'PT15M',
  email: 'ada@example.org',
  'idn-email': 'ada@example.org',
  hostname: 'example.org',
  'idn-hostname': 'example.org',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.org/',
  iri: 'https://example.org/',
  'uri-reference': '/orders/42',
  'iri-reference': '/orders/42',
  uuid: '0d9b2a8e-6a55-4c39-9f0c-2f1f6c7a3b11',
  'json-pointer': '/orders/0',
  regex: '^a+$',
}

/** A text within the limits of a schema. */
export function exampleText(schema: JsonSchemaObject): string {
  const { format, pattern, allOf, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema
  const patterns = [
    pattern,
    ...(allOf ?? []).map((part) => (typeof part === 'object' ? part.pattern : undefined)),
  ].filter((source) => source !== undefined)
  const fits = (text: string) =>
    [...text].length >= minLength &&
    [...text].length <= maxLength &&
    patterns.every((source) => matches(source, text))
  const known = schema.contentEncoding === 'base64' ? 'TWlsbHJhY2U=' : format && formats[format]
  const words = [
    ...patterns.flatMap((source) => textLike(source, minLength) ?? []),
    'string',
    'text',
    'a',
    '',
  ]
  const candidates =
    known === undefined
      ? [...words, ...words.flatMap((word) => [stretched(word, minLength), word.slice(0, maxLength)])]
      : [known, ...[...'abcdef0123456789'].map((first) => `${first}${known.slice(1)}`)]
  return candidates.find(fits) ?? known ?? 'string'
}

function stretched(text: string, length: number): string {
  return text === '' || text.length >= length
    ? text
    : text.repeat(Math.ceil(Math.min(length, 10_000) / text.length)).slice(0, length)
}

function matches(source: string, text: string): boolean {
  try {
    return new RegExp(source, 'u').test(text)
  } catch {
    return true
  }
}
