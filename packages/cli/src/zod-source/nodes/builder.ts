import { type Facets, type ValueType, valueTypes } from '../facets/facets.ts'
import type { Definitions } from '../facets/flatten.ts'
import type { Located } from '../facets/located.ts'
import type { Node } from './node.ts'

/** What is known of a value before its schema is looked at, and what the schema is for. */
export interface Scope {
  readonly types: ReadonlySet<ValueType>
  /** The same of the members of an object. */
  readonly memberTypes?: ReadonlyMap<string, ReadonlySet<ValueType>>
  /** Whether the schema only decides on a value that another one reads. */
  readonly checking: boolean
  /** How many unions it stands in that were multiplied out. */
  readonly depth: number
  /** Whether checks of the whole value follow, which must see all of it. */
  readonly watched?: boolean
  /** The schemas that it stands in. */
  readonly open?: readonly Located[]
}

/** The scope of what is inside of a value. */
export function innerScope({ checking, open = [] }: Scope): Scope {
  return { types: new Set(valueTypes), checking, depth: 0, open }
}

/** How schemas are to be read. */
export interface BuilderOptions {
  /** Whether `format: date-time` is a `Date` in code. */
  readonly dates: 'codec' | 'string'
  /**
   * What a schema without `type` allows. Exactly, a keyword says nothing of values of other types; as its author most often
   * meant it, `properties` implies an object.
   */
  readonly untyped: 'exact' | 'implied'
}

/** Makes nodes of schemas. */
export interface Builder extends BuilderOptions {
  readonly definitions: Definitions
  build(schema: Located, scope: Scope): Node
  buildFacets(facets: Facets, place: Located, scope: Scope): Node
  /** Schemas that hold themselves, though no definition does, by the names of the definitions that they become. */
  readonly hoisted: ReadonlyMap<string, Located>
  /** Whether a definition has no schema of its own: it is another name of a definition, or of a codec. */
  isInlined(definition: string): boolean
  loss(place: Located, message: string): void
  warning(place: Located, message: string): void
}
