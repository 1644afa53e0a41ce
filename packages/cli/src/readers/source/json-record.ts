export type JsonRecord = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own member; documents may have keys such as `constructor`. */
export function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** A member that is a string with something in it. */
export function textMember(value: unknown, key: string): string | undefined {
  const text = member(value, key)
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

/** What a value is, for a person: `a list`, `"2"`, `null`. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isObject(value)) return 'an object'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** What a text says as JSON, or the text itself where it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
