/** Which pages of other origins may read the streams. */
export interface CorsOptions {
  /** The origins, such as `https://shop.example`, or `*` for every one. */
  readonly origins: '*' | readonly string[]
  /** Whether cookies may come along. Not with `*`. @default false */
  readonly credentials?: boolean
}

type Headers = Readonly<Record<string, string>>

/** Gives the headers that let a page of another origin read an answer, and what it may ask in a preflight. [Fetch §3.3] */
export interface Cors {
  headers(origin: string | undefined): Headers
  preflight(origin: string | undefined): Headers
}

/** @throws TypeError for credentials with `*`, which browsers refuse, and for what is no origin and so would never match */
export function createCors(options: CorsOptions | undefined): Cors {
  if (options === undefined) return { headers: () => ({}), preflight: () => ({}) }
  const { origins, credentials = false } = options
  if (origins === '*' && credentials) {
    throw new TypeError('cors: credentials need a list of origins, because browsers refuse them with "*"')
  }
  const wrong = origins === '*' ? undefined : origins.find((origin) => !isOrigin(origin))
  if (wrong !== undefined) {
    throw new TypeError(`cors: ${JSON.stringify(wrong)} is not an origin, such as "https://shop.example"`)
  }

  function headers(origin: string | undefined): Headers {
    if (origins === '*') return { 'access-control-allow-origin': '*', ...exposed }
    if (origin === undefined || !origins.includes(origin)) return { vary: 'origin' }
    return {
      'access-control-allow-origin': origin,
      ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
      ...exposed,
      vary: 'origin',
    }
  }
  return {
    headers,
    preflight: (origin) => ({ ...headers(origin), ...asked }),
  }
}

// As a browser writes it: no path, no default port, lower case. `null` is what a sandboxed page says.
function isOrigin(text: string): boolean {
  if (text === 'null') return true
  if (!URL.canParse(text)) return false
  const { origin, protocol, host } = new URL(text)
  // An app's own scheme has an opaque origin here, and `capacitor://localhost` in the header.
  return text === (origin === 'null' ? `${protocol}//${host}` : origin)
}

const exposed = { 'access-control-expose-headers': 'retry-after, www-authenticate' }
const asked = {
  'access-control-allow-methods': 'GET, HEAD, POST',
  // [spec] `Last-Event-ID` is on no safelist, so every resumed request of a fetch-based client asks.
  'access-control-allow-headers': 'authorization, content-type, last-event-id',
  'access-control-max-age': '7200',
}
