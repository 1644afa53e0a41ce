import { ignore, isPromise } from './asynchronous.ts'
import { ContractError, DataError, type Issue } from './errors.ts'
import { findNotJson, isSameJson } from './json-value.ts'
import type { StandardSchema } from './standard-schema.ts'

const asynchronous = 'the schema is asynchronous, and data is checked at once'

/**
 * Refuses a schema that answers with a promise, as far as that shows without data.
 *
 * @throws ContractError
 */
export function refuseAsynchronous(subject: string, schema: StandardSchema): void {
  let result: unknown
  try {
    result = schema['~standard'].validate(undefined)
  } catch {
    // Nobody publishes `undefined`; what it throws for data is told then.
    return
  }
  if (!isPromise(result)) return
  ignore(result)
  throw new ContractError(`${subject}: the schema is asynchronous; do what takes time before publishing`)
}

/** From JSON to the type in code. @throws DataError */
export function decodeStandard(schema: StandardSchema, value: unknown, subject: string): unknown {
  return validate(schema, value, subject)
}

/**
 * From the type in code to JSON. There is no way back through such a schema, so what it makes of the data is sent, and has to be what
 * it would read again: that is what a subscriber's schema does with it.
 *
 * @throws DataError
 */
export function encodeStandard(schema: StandardSchema, value: unknown, subject: string): unknown {
  const wire = validate(schema, value, subject)
  const issue = findNotJson(wire)
  if (issue !== undefined) throw new DataError(subject, 'invalid', [issue])
  if (!isReadAsIs(schema, wire, subject)) {
    const problem =
      'the schema makes something else of what it reads, and knows no way back; use z.codec() of Zod'
    throw new DataError(`${subject}: ${problem}`, 'invalid')
  }
  return wire
}

function isReadAsIs(schema: StandardSchema, wire: unknown, subject: string): boolean {
  try {
    return isSameJson(validate(schema, wire, subject), wire)
  } catch {
    return false
  }
}

function validate(schema: StandardSchema, value: unknown, subject: string): unknown {
  let result: ReturnType<StandardSchema['~standard']['validate']>
  try {
    result = schema['~standard'].validate(value)
  } catch (cause) {
    throw new DataError(`${subject}: the schema threw ${String(cause)}`, 'invalid', [], { cause })
  }
  if (isPromise(result)) {
    ignore(result)
    throw new DataError(`${subject}: ${asynchronous}`, 'invalid')
  }
  if (result.issues === undefined) return result.value
  // A library may have arrays of its own, whose `map` gives such an array again.
  const issues = Array.from(
    result.issues,
    ({ message, path = [] }): Issue => ({
      path: Array.from(path, (step) => (typeof step === 'object' ? step.key : step)),
      message,
    }),
  )
  throw new DataError(subject, 'invalid', issues)
}
