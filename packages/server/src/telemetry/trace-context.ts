// [W3C Trace Context §3.2.2] version-format = trace-id "-" parent-id "-" trace-flags; ff and ids of zeros are invalid.
const pattern = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(-|$)/

/** Length of version 00, which every later one begins with. */
const length = 55

/**
 * Reads a `traceparent`, such as a request's header. What is none stands for no trace, as the standard has it: a caller's mistake must
 * not cost anybody the event.
 */
export function readTraceparent(text: unknown): string | undefined {
  if (typeof text !== 'string' || !pattern.test(text)) return undefined
  if (text.startsWith('00')) return text.length === length ? text : undefined
  // [W3C Trace Context §4.3] Of a later version only what is known is passed on, as the version that is known.
  return `00${text.slice(2, length)}`
}

/** Gives a record or a frame the trace that it is published in, where there is one. */
export function withTrace<Item extends { readonly trace?: string }>(
  item: Item,
  trace: string | undefined,
): Item {
  return trace === undefined ? item : { ...item, trace }
}
