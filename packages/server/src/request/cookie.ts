/**
 * Finds a cookie in the `Cookie` header. [RFC 6265 §4.2] Of several with one name the first counts, which browsers make the one
 * with the longest path.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue
    return decode(
      pair
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1'),
    )
  }
  return undefined
}

// Most write percent signs, some do not, and one that cannot be decoded was not encoded.
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
