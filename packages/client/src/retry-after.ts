// A server that asks for hours is rather misconfigured, and nobody would sit and wait for it.
const longest = 5 * 60_000

/** Reads `Retry-After`, seconds or an HTTP date [RFC 9110 section 10.2.3], as milliseconds from now; `undefined` when it says nothing. */
export function readRetryAfter(text: string | null, now: number): number | undefined {
  const milliseconds = Number(text) * 1000 || Date.parse(`${text}`) - now
  return milliseconds > 0 ? Math.min(milliseconds, longest) : undefined
}
