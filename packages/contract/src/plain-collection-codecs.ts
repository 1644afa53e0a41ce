import { cannot, type PlainCodec } from './plain-codec.ts'

/** A `Set` in code, a list on the wire. `item` is for items that change on the way. */
export function set(item?: PlainCodec): PlainCodec {
  return (value, direction, path) => {
    const isItself = direction === 'decode' ? Array.isArray(value) : value instanceof Set
    if (!isItself) throw cannot(direction, path)
    const items = Array.from(value as Iterable<unknown>, (one, index) =>
      item === undefined ? one : item(one, direction, [...path, index]),
    )
    return direction === 'decode' ? new Set(items) : items
  }
}

/** A `Map` in code, a list of pairs on the wire. `key` and `value` are for what changes on the way. */
export function map(key?: PlainCodec, value?: PlainCodec): PlainCodec {
  return (data, direction, path) => {
    const isItself = direction === 'decode' ? isPairs(data) : data instanceof Map
    if (!isItself) throw cannot(direction, path)
    const pairs = Array.from(data as Iterable<readonly [unknown, unknown]>, ([left, right], index) => [
      key === undefined ? left : key(left, direction, [...path, index, 0]),
      value === undefined ? right : value(right, direction, [...path, index, 1]),
    ])
    return direction === 'decode' ? new Map(pairs as [unknown, unknown][]) : pairs
  }
}

function isPairs(data: unknown): boolean {
  return Array.isArray(data) && data.every((pair: unknown) => Array.isArray(pair) && pair.length === 2)
}
