import type { Doc } from '../layout/doc.ts'
import type { Expression } from './expression.ts'

/** A constraint on a value, as a method of Zod's and as a function of Zod Mini's. */
export interface Constraint {
  readonly method: string
  readonly check: string
  readonly args: readonly Doc[]
}

/** What Zod and Zod Mini say differently. */
export interface Flavour {
  readonly module: 'zod' | 'zod/mini'
  /** The type of any schema of it. */
  readonly schemaType: string
  constrain(expression: Expression, constraints: readonly Constraint[]): Expression
  /** A check by a function; the value of its parameter has the schema's type in code. */
  refine(expression: Expression, predicate: Doc, message: string): Expression
  optional(expression: Expression): Expression
  /** An element that may be left out, and cannot be `undefined`. */
  exactOptional(expression: Expression): Expression
  /** What is not `undefined`, and else is as before. */
  nonoptional(expression: Expression): Expression
  nullable(expression: Expression): Expression
  meta(expression: Expression, meta: Doc): Expression
  extend(expression: Expression, shape: Doc): Expression
  catchall(expression: Expression, rest: Expression): Expression
  print(expression: Expression): Doc
}
