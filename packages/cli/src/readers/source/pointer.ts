/** Tokens of a JSON Pointer as its text, with the `#` of a URI fragment (RFC 6901 §6). */
export function writePointer(tokens: readonly string[]): string {
  return ['#', ...tokens.map((token) => token.replaceAll('~', '~0').replaceAll('/', '~1'))].join('/')
}

/** The tokens of a fragment such as `/channels/user~1signedup`, each unescaped once. */
export function readPointer(fragment: string): readonly string[] {
  return fragment.split('/').slice(1).map(unescapeToken)
}

function unescapeToken(token: string): string {
  return percentDecoded(token).replaceAll('~1', '/').replaceAll('~0', '~')
}

/** Percent-decoded, or as it stands where it is not percent-encoded properly. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
