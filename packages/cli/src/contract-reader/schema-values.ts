import * as z from 'zod/v4/core'

/** An example or a default as it is on the wire. `fault` says why it is none. */
export type WireValue = { readonly wire: unknown } | { readonly fault: string }

/** Takes a value that stands beside a schema to the wire: people write either the type in code or what travels. */
export function toWire(schema: z.$ZodType, value: unknown): WireValue {
  const encoded = attempt(() => z.safeEncode(schema, value))
  if (encoded.success) return json(encoded.data)
  if (attempt(() => z.safeDecode(schema, value)).success) return json(value)
  return { fault: encoded.fault }
}

type Attempt =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly fault: string }

function attempt(run: () => ReturnType<typeof z.safeEncode>): Attempt {
  try {
    const result = run()
    if (result.success) return result
    const [issue] = result.error.issues
    const place =
      issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `
    return { success: false, fault: `${place}${issue?.message ?? 'it does not fit'}` }
  } catch (error) {
    // A codec's own exception passes through what is called safe.
    return { success: false, fault: String(error) }
  }
}

function json(value: unknown): WireValue {
  const text = JSON.stringify(value)
  return text === undefined ? { fault: 'it cannot be written as JSON' } : { wire: JSON.parse(text) }
}
