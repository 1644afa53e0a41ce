import { isObject, type JsonRecord, member } from './json-record.ts'
import { writePointer } from './pointer.ts'
import type { SourceFile } from './source-file.ts'

/** A value in a file, and the way to it. */
export interface Place<Value = unknown> {
  readonly file: SourceFile
  readonly tokens: readonly string[]
  readonly value: Value
}

export function rootOf(file: SourceFile): Place {
  return { file, tokens: [], value: file.value }
}

/** A member of an object, an element of an array; its value is `undefined` where there is none. */
export function within(place: Place, key: string | number): Place {
  const token = String(key)
  return { file: place.file, tokens: [...place.tokens, token], value: memberOf(place.value, token) }
}

/** The place under several keys, one in the other. */
export function descend(place: Place, ...keys: readonly (string | number)[]): Place {
  return keys.reduce<Place>(within, place)
}

/** The members of an object as places, in their order; none for anything else. */
export function membersOf(place: Place): readonly Place[] {
  return isObject(place.value) ? Object.keys(place.value).map((key) => within(place, key)) : []
}

/** The elements of an array as places; none for anything else. */
export function elementsOf(place: Place): readonly Place[] {
  return Array.isArray(place.value) ? place.value.map((_, index) => within(place, index)) : []
}

export function isObjectPlace(place: Place): place is Place<JsonRecord> {
  return isObject(place.value)
}

/** Its key in what is around it; empty at the root. */
export function keyOf(place: Place): string {
  return place.tokens.at(-1) ?? ''
}

/** One text for one place, to compare places by. */
export function identityOf(place: Place): string {
  return `${place.file.path}${writePointer(place.tokens)}`
}

function memberOf(value: unknown, token: string): unknown {
  if (!Array.isArray(value)) return member(value, token)
  return /^(0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined
}
