import type { JsonType } from '../../model/json-schema.ts'
import type { Annotations } from './annotations.ts'
import type { Located } from './located.ts'

/** The types that JSON has. `integer` is a constraint on numbers. */
export type ValueType = Exclude<JsonType, 'integer'>

export const valueTypes: readonly ValueType[] = ['string', 'number', 'boolean', 'null', 'array', 'object']

export interface NumberFacet {
  readonly integer: boolean
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
  readonly multiplesOf: readonly number[]
  readonly formats: readonly string[]
}

export interface StringFacet {
  readonly minimum?: number
  readonly maximum?: number
  readonly patterns: readonly string[]
  readonly formats: readonly string[]
}

export interface ArrayFacet {
  readonly prefix: readonly Located[]
  /** What follows the prefix. */
  readonly items: Located | undefined
  readonly minimum?: number
  readonly maximum?: number
  readonly unique: boolean
  readonly contains: readonly Located[]
}

export interface ObjectFacet {
  readonly properties: ReadonlyMap<string, Located>
  readonly required: ReadonlySet<string>
  readonly patterns: ReadonlyMap<string, Located>
  /** What is neither a property nor under a pattern. */
  readonly additional: Located | undefined
  readonly names: readonly Located[]
  readonly minimum?: number
  readonly maximum?: number
}

/** `anyOf`, or `oneOf` where only one may hold. */
export interface Alternatives {
  readonly schemas: readonly Located[]
  readonly exclusive: boolean
  /** The member that its author says tells them apart. */
  readonly tag?: string
}

/** What is left to a check of the whole value. */
export type Condition =
  | { readonly kind: 'not'; readonly schema: Located }
  | { readonly kind: 'fits'; readonly schema: Located }
  | {
      readonly kind: 'when'
      readonly condition: Located
      readonly consequence: Located | undefined
      readonly otherwise: Located | undefined
    }

/** A schema with its `allOf` and refs resolved: what it asks of each type of value, and of any. */
export interface Facets {
  readonly types: ReadonlySet<ValueType>
  /** The only values that there may be. */
  readonly values?: readonly unknown[]
  readonly number: NumberFacet
  readonly string: StringFacet
  readonly array: ArrayFacet
  readonly object: ObjectFacet
  readonly alternatives: readonly Alternatives[]
  readonly conditions: readonly Condition[]
  /** Which type it has in code, where that is not what the wire has. */
  readonly codec?: string
  /** The definitions that are part of it. */
  readonly origins: readonly string[]
  readonly annotations: Annotations
}

const anyNumber: NumberFacet = { integer: false, multiplesOf: [], formats: [] }
const anyString: StringFacet = { patterns: [], formats: [] }
const anyArray: ArrayFacet = { prefix: [], items: undefined, unique: false, contains: [] }
const anyObject: ObjectFacet = {
  properties: new Map(),
  required: new Set(),
  patterns: new Map(),
  additional: undefined,
  names: [],
}

/** What any value fits. */
export const anything: Facets = {
  types: new Set(valueTypes),
  number: anyNumber,
  string: anyString,
  array: anyArray,
  object: anyObject,
  alternatives: [],
  conditions: [],
  origins: [],
  annotations: {},
}

/** What no value fits. */
export const nothing: Facets = { ...anything, types: new Set() }
