import { itemAt } from './intersect-arrays.ts'
import type { ArrayShape } from './shape.ts'
import type { Judge } from './subset.ts'

export function arrayWithin(writer: ArrayShape, reader: ArrayShape, judge: Judge): boolean {
  if (writer.minimum < reader.minimum || writer.maximum > reader.maximum) return false
  if (reader.unique && !writer.unique && writer.maximum > 1) return false
  const known = Math.max(writer.prefix.length, reader.prefix.length)
  for (let index = 0; index < Math.min(known, writer.maximum); index++) {
    if (!judge.reads(itemAt(writer, index), itemAt(reader, index))) return false
  }
  return writer.maximum <= known || judge.reads(writer.rest, reader.rest)
}
