// A segment keeps letters, digits and `.`, `_`, `-`. `~` is ours: it marks the few values that percent-encoding cannot
// carry through a URL. So every string has one segment, and no two strings share one.
const reserved = /[^A-Za-z0-9._-]/gu
const loneSurrogate = /\p{Surrogate}/u
const escapedSurrogate = /~([0-9A-F]{4})/g

/** Writes any string as one address segment: ASCII, never empty, never a dot segment, without `/` and `*`. */
export function encodeSegment(value: string): string {
  if (value === '' || value === '.' || value === '..') return `~${value}`
  return value.replace(reserved, (character) =>
    loneSurrogate.test(character) ? `~${hex(character)}` : percentEncode(character),
  )
}

/** Reads a segment back; `undefined` when it is not one. Accepts characters that were left unescaped. */
export function decodeSegment(segment: string): string | undefined {
  if (segment === '') return undefined
  if (segment === '~' || segment === '~.' || segment === '~..') return segment.slice(1)
  try {
    const parts = segment.split(escapedSurrogate)
    return parts.map((part, index) => (index % 2 === 1 ? fromHex(part) : decodeURIComponent(part))).join('')
  } catch {
    return undefined
  }
}

function percentEncode(character: string): string {
  const encoded = encodeURIComponent(character)
  return encoded === character ? `%${hex(character)}` : encoded
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase()
}

function fromHex(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16))
}
