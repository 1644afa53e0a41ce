import { ConnectionError } from '../connection-error.ts'
import { followRedirects } from '../follow-redirects.ts'

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

/**
 * Asks for a stream.
 *
 * @throws ConnectionError a final one when there can be no such request; else whatever the fetch throws
 */
export async function requestStream(asked: StreamRequest, signal: AbortSignal): Promise<Answer> {
  let last = asked.url
  const response = await followRedirects(last, [...asked.headers].length > 0, (url, trusted, redirect) => {
    last = url
    const request = createRequest(asked, trusted ? asked.headers : undefined, url, { redirect, signal })
    // Node's hears of its signal only while somebody holds it.
    signal.onabort = () => void request
    return asked.fetch(request)
  })
  // A network error by the standard.
  if (response.headers.has('location') && /^3/.test(`${response.status}`))
    throw new TypeError('The server redirects for ever')
  return { response, url: response.url || last }
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
