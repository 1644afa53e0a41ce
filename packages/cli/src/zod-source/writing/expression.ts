import type { Doc } from '../layout/doc.ts'

/** A schema as an expression: a name or a call, and the methods called on it. */
export interface Expression {
  /** A name such as `address`, or what is called, such as `z.object`. */
  readonly callee: string
  /** Absent for a name. */
  readonly call?: CallArguments
  readonly methods: readonly MethodCall[]
  /** Whether it has none of Zod's methods, being made of its core. */
  readonly isCore: boolean
  /** Whether it has getters that give something only when the whole module is there. */
  readonly hasGetters?: boolean
}

export interface CallArguments {
  readonly args: readonly Doc[]
  /** Whether the last argument hugs the parentheses. */
  readonly hug: boolean
}

export interface MethodCall extends CallArguments {
  readonly method: string
}

/** A constant. */
export function nameOf(callee: string, { isCore = false, hasGetters = false } = {}): Expression {
  return { callee, methods: [], isCore, hasGetters }
}

/** A call of a function. */
export function callOf(
  callee: string,
  args: readonly Doc[] = [],
  { hug = false, isCore = false, hasGetters = false } = {},
): Expression {
  return { callee, call: { args, hug }, methods: [], isCore, hasGetters }
}

/** An expression with one more method called on it. */
export function withMethod(expression: Expression, method: MethodCall): Expression {
  return { ...expression, methods: [...expression.methods, method] }
}
