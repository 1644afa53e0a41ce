import type { Node } from './node.ts'

/** What must hold of a value besides its type, as a function. Its schemas see the value as it is on the wire. */
export type Check = CheckKind & { readonly view: View }

export type CheckKind =
  | { readonly kind: 'not'; readonly node: Node }
  | { readonly kind: 'fits'; readonly node: Node }
  | {
      readonly kind: 'when'
      readonly condition: Node
      readonly consequence?: Node
      readonly otherwise?: Node
    }
  | { readonly kind: 'contains'; readonly node: Node }
  | { readonly kind: 'distinct' }
  | { readonly kind: 'names'; readonly node: Node }
  | { readonly kind: 'count'; readonly minimum?: number; readonly maximum?: number }
  | {
      readonly kind: 'members'
      readonly declared: readonly string[]
      readonly patterns: readonly { readonly source: string; readonly node: Node }[]
      /** What members fit that are neither declared nor under a pattern. */
      readonly rest?: Node
    }

/** What of a value a check looks at: everything, or of an object the names of members and the values of some. */
export type View =
  | 'all'
  | { readonly names: ReadonlySet<string> | 'all'; readonly values: ReadonlySet<string> }
