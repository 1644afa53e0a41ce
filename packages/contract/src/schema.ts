import * as z from 'zod/v4/core'
import { DataError, type Issue } from './errors.ts'

/** A Zod or Zod Mini schema. */
export type Schema<Output = unknown, Input = unknown> = z.$ZodType<Output, Input>

/** Whether a value is a schema. An object of schemas may have a member of any name, but only a schema has this one. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && '_zod' in value
}

/** From the type in code to JSON: runs the schema backwards, which also strips unknown keys. */
export function encodeWith(schema: Schema, value: unknown, subject: string): unknown {
  return run(z.safeEncode, schema, value, subject)
}

/** From JSON to the type in code. */
export function decodeWith(schema: Schema, value: unknown, subject: string): unknown {
  return run(z.safeDecode, schema, value, subject)
}

type SafeDirection = typeof z.safeDecode | typeof z.safeEncode

function run(direction: SafeDirection, schema: Schema, value: unknown, subject: string): unknown {
  let result: ReturnType<SafeDirection>
  try {
    result = direction(schema, value)
  } catch (cause) {
    // "Safe" covers issues only: what a function of the schema throws passes through it.
    const problem =
      cause instanceof z.$ZodAsyncError
        ? 'a codec or check is asynchronous, and data is checked at once'
        : `a codec or check threw ${String(cause)}`
    throw new DataError(`${subject}: ${problem}`, 'invalid', [], { cause })
  }
  if (result.success) return result.data
  throw new DataError(subject, 'invalid', issuesOf(result.error))
}

function issuesOf(error: z.$ZodError): readonly Issue[] {
  return error.issues.map(({ path, message }) => ({ path, message }))
}
