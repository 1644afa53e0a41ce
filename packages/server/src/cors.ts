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

/** @throws TypeError for credentials with `*`, which browsers refuse */
export function createCors(options: CorsOptions | undefined): Cors {
  if (options === undefined) return { headers: () => ({}), preflight: () => ({}) }
  const { origins, credentials = false } = options
  if (origins === '*' && credentials) {
    throw new TypeError('cors: credentials need a list of origins, because browsers refuse them with "*"')
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

const exposed = { 'access-control-expose-headers': 'retry-after' }
const asked = {
  'access-control-allow-methods': 'GET, HEAD, POST',
  // [spec] `Last-Event-ID` is on no safelist, so every resumed request of a fetch-based client asks.
  'access-control-allow-headers': 'authorization, content-type, last-event-id',
  'access-control-max-age': '7200',
}
