import { UsageError } from './usage-error.ts'

/** The address of streams. @throws UsageError */
export function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is not an address such as http://localhost:4000/events`)
  }
  return url
}

/** The name and value of a header, as it stands in a request. @throws UsageError */
export function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  const name = line.slice(0, colon).trim()
  const value = line.slice(colon + 1).trim()
  try {
    if (colon > 0) new Headers([[name, value]])
    if (colon > 0) return [name, value]
  } catch {
    // Told below.
  }
  throw new UsageError(`"${line}" is not a header such as 'authorization: Bearer …'`)
}
