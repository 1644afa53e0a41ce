import * as z from 'zod/v4/core'
import { DataError, type Issue } from './errors.ts'
import type { Schema } from './schema.ts'

/** From the type in code to JSON: runs the schema backwards, which also strips unknown keys. @throws DataError */
export function encodeZod(schema: Schema, value: unknown, subject: string): unknown {
  return run(z.safeEncode, schema, value, subject)
}

/** From JSON to the type in code. @throws DataError */
export function decodeZod(schema: Schema, value: unknown, subject: string): unknown {
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
