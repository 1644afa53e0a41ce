import type { JsonSchemaObject } from '../../model/json-schema.ts'

/** A codec that a contract without Zod has. */
export interface PlainCodecWords {
  /** The name that it is imported by. */
  readonly name: string
  /** The type in code. */
  readonly type: string
  /** What stands in it, and may change, too: the items of a list, or the two members of its pairs. */
  readonly holds?: 'items' | 'pairs'
}

const known: Readonly<Record<string, PlainCodecWords>> = {
  date: { name: 'date', type: 'Date' },
  bigint: { name: 'bigint', type: 'bigint' },
  number: { name: 'number', type: 'number' },
  integer: { name: 'number', type: 'number' },
  boolean: { name: 'boolean', type: 'boolean' },
  url: { name: 'url', type: 'URL' },
  bytes: { name: 'bytes', type: 'Uint8Array' },
  set: { name: 'set', type: 'Set', holds: 'items' },
  map: { name: 'map', type: 'Map', holds: 'pairs' },
}

/** The codec that a schema has in code; `undefined` when it has none, or one that only its author knows. */
export function plainCodecOf(schema: JsonSchemaObject): PlainCodecWords | undefined {
  const name = schema['x-codec'] ?? ''
  return Object.hasOwn(known, name) ? known[name] : undefined
}
