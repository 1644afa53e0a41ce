import type { Annotations } from '../facets/annotations.ts'
import type { Check } from './check.ts'

/** A schema in Zod's words, before it is written in those of Zod or of Zod Mini. */
export type Node = NodeKind & {
  readonly annotations?: Annotations
  /** What must hold of a value besides. */
  readonly checks?: readonly Check[]
}

export type NodeKind =
  | { readonly kind: 'unknown' | 'never' | 'boolean' | 'null' }
  | StringNode
  | NumberNode
  | { readonly kind: 'literal'; readonly values: readonly Literal[] }
  | ArrayNode
  | TupleNode
  | { readonly kind: 'record'; readonly key?: Node; readonly value: Node }
  | ObjectNode
  | UnionNode
  | { readonly kind: 'intersection'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'nullable'; readonly inner: Node }
  | { readonly kind: 'ref'; readonly name: string }
  | CodecNode

export type Literal = string | number | boolean | null

export interface StringNode {
  readonly kind: 'string'
  /** A call such as `iso.date`, with its arguments. */
  readonly format?: { readonly call: string; readonly args?: string }
  readonly minimum?: number
  readonly maximum?: number
  readonly patterns: readonly { readonly source: string; readonly flags: string }[]
}

export interface NumberNode {
  readonly kind: 'number'
  readonly format: 'any' | 'int' | 'int32'
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
  readonly multiplesOf: readonly number[]
}

export interface ArrayNode {
  readonly kind: 'array'
  readonly element: Node
  readonly minimum?: number
  readonly maximum?: number
}

export interface TupleNode {
  readonly kind: 'tuple'
  readonly items: readonly Node[]
  /** How many of the items must be there; the others may be left out from the end. */
  readonly required: number
  readonly rest?: Node
  readonly minimum?: number
  readonly maximum?: number
}

export interface ObjectNode {
  readonly kind: 'object'
  readonly members: ReadonlyMap<string, Member>
  /** What becomes of members that are not declared. */
  readonly rest: 'strip' | 'keep' | 'refuse' | Node
  /** The definition that it adds members to; `members` has them all. */
  readonly base?: string
}

export interface Member {
  readonly node: Node
  readonly required: boolean
  /** The same schema in a definition that this one extends. */
  readonly inherited?: boolean
}

export interface UnionNode {
  readonly kind: 'union'
  readonly options: readonly Node[]
  /** Whether only one may fit. */
  readonly exclusive: boolean
  /** A member that tells the options apart, where there is one. */
  readonly tag?: string
}

/** A type in code that is another one on the wire. */
export interface CodecNode {
  readonly kind: 'codec'
  /** An export of `@millrace/contract`. */
  readonly name: string
  /** The schemas of its items, for those that make a codec of them. */
  readonly parts: readonly Node[]
}
