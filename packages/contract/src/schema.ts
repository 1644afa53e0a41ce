import * as z from 'zod/v4/core'
import { DataError, type Issue } from './errors.ts'

/** A Zod or Zod Mini schema. */
export type Schema<Output = unknown, Input = unknown> = z.$ZodType<Output, Input>

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
    // "Safe" covers issues only: what a codec's own function throws passes through it.
    throw new DataError(`${subject}: a codec threw ${String(cause)}`, 'invalid', [], { cause })
  }
  if (result.success) return result.data
  throw new DataError(subject, 'invalid', issuesOf(result.error))
}

function issuesOf(error: z.$ZodError): readonly Issue[] {
  return error.issues.map(({ path, message }) => ({ path, message }))
}
