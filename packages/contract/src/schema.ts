import type * as z from 'zod/v4/core'
import type { StandardInput, StandardOutput, StandardSchema } from './standard-schema.ts'

/** A Zod or Zod Mini schema. */
export type Schema<Output = unknown, Input = unknown> = z.$ZodType<Output, Input>

/** A schema of any library that a contract takes. */
export type AnySchema = Schema | StandardSchema

/** The type in code. */
export type OutputOf<S> = S extends Schema
  ? z.output<S>
  : S extends StandardSchema
    ? StandardOutput<S>
    : never

/** The type on the wire. */
export type InputOf<S> = S extends Schema ? z.input<S> : S extends StandardSchema ? StandardInput<S> : never

/** Whether a value is a schema of Zod's. An object of schemas may have a member of any name, but only a schema has this one. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && '_zod' in value
}
