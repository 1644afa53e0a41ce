import { ConnectionError } from '../connection-error.ts'
import { cancelBody } from '../response.ts'

/** What a stream is asked for with. */
export interface StreamRequest {
  readonly url: string
  /** The caller's own headers. */
  readonly headers: Headers
  readonly lastEventId: string
  readonly withCredentials: boolean
  readonly fetch: (request: Request) => Promise<Response>
}

/** An answer, and the address that gave it after all redirects. */
export interface Answer {
  readonly response: Response
  readonly url: string
}

const redirects = [301, 302, 303, 307, 308]
const mostRedirects = 20

/**
 * Asks for a stream. Headers of the caller may be credentials, and only browsers guard them on the way to another origin, so
 * redirects are followed by hand where there are any.
 *
 * @throws ConnectionError a final one when there can be no such request; else whatever the fetch throws
 */
export async function requestStream(asked: StreamRequest, signal: AbortSignal): Promise<Answer> {
  const { origin } = new URL(asked.url)
  let url = asked.url
  let redirect: RequestRedirect = [...asked.headers].length > 0 ? 'manual' : 'follow'
  for (let count = 0; count <= mostRedirects; count++) {
    const trusted = new URL(url).origin === origin
    const request = createRequest(asked, trusted ? asked.headers : undefined, url, { redirect, signal })
    const response = await asked.fetch(request)
    const location = redirects.includes(response.status) && response.headers.get('location')
    if (response.type === 'opaqueredirect') {
      // A page does not learn where to; it has to leave it to the browser, which asks that origin first.
      redirect = 'follow'
    } else if (redirect === 'manual' && location) {
      cancelBody(response)
      url = new URL(location, url).href
    } else {
      return { response, url: response.url || url }
    }
  }
  throw new TypeError('The server redirects for ever')
}

function createRequest(
  { lastEventId, withCredentials }: StreamRequest,
  callerHeaders: Headers | undefined,
  url: string,
  init: RequestInit,
): Request {
  try {
    // Others are a network error by the standard, and will be one the next time.
    if (!/^(https?|data|blob):/.test(url)) throw new TypeError(`Nothing can be fetched from ${url}`)
    const headers = new Headers(callerHeaders)
    // [spec] Set (`Accept`, `text/event-stream`) in request's header list.
    headers.set('accept', 'text/event-stream')
    // [spec] If the last event ID string is not the empty string, set (`Last-Event-ID`, its UTF-8 encoding).
    if (lastEventId !== '') headers.set('last-event-id', headerValueOf(lastEventId))
    // [spec] Set request's cache mode to "no-store". (The other modes are the defaults, and not every runtime knows them.)
    return new Request(url, {
      ...init,
      headers,
      cache: 'no-store',
      ...(withCredentials && { credentials: 'include' }),
    })
  } catch (cause) {
    throw new ConnectionError('network', `There can be no such request: ${cause}`, { final: true, cause })
  }
}

// The text of a header stands for bytes, one character for each.
function headerValueOf(text: string): string {
  const value = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
  // Some runtimes would refuse it only when they send it, and then each time.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw new TypeError('No header can hold the last event id')
  return value
}
