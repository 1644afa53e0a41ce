import * as z from 'zod/v4/core'
import { codec, instanceOf } from './codec.ts'
import type { Schema } from './schema.ts'

/** A `Set` in code, a list on the wire. Its items may have codecs of their own: `setItems(isoDate)`. */
export function setItems<Item extends Schema>(
  item: Item,
): z.$ZodCodec<z.$ZodArray<Item>, z.$ZodType<Set<z.output<Item>>, Set<z.output<Item>>>> {
  return codec(() => ({
    name: 'set',
    wire: z._array(z.$ZodArray, item) as z.$ZodArray<Item>,
    code: instanceOf<Set<z.output<Item>>>('Set', (value) => value instanceof Set),
    decode: (items) => new Set(items as z.output<Item>[]),
    encode: (set) => [...set] as z.output<z.$ZodArray<Item>>,
  }))
}

/** A `Map` in code, a list of pairs on the wire. Keys and values may have codecs of their own. */
export function mapEntries<Key extends Schema, Value extends Schema>(
  key: Key,
  value: Value,
): z.$ZodCodec<
  z.$ZodArray<z.$ZodTuple<[Key, Value], null>>,
  z.$ZodType<Map<z.output<Key>, z.output<Value>>, Map<z.output<Key>, z.output<Value>>>
> {
  return codec(() => ({
    name: 'map',
    wire: z._array(z.$ZodArray, z._tuple(z.$ZodTuple, [key, value])) as z.$ZodArray<
      z.$ZodTuple<[Key, Value], null>
    >,
    code: instanceOf<Map<z.output<Key>, z.output<Value>>>('Map', (map) => map instanceof Map),
    decode: (entries) => new Map(entries as [z.output<Key>, z.output<Value>][]),
    encode: (map) => [...map] as z.output<z.$ZodArray<z.$ZodTuple<[Key, Value], null>>>,
  }))
}
