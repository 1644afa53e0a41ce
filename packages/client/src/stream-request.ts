import { formatStreamRequest, formatStreamRequestBody, type StreamRequest } from '@millrace/protocol'
import { ConnectionError } from './connection-error.ts'
import { followRedirects } from './follow-redirects.ts'
import type { LinkSettings } from './options.ts'

// What every proxy and server on the way takes.
const longestUrl = 2_000

/** Asks for a stream, with headers asked for now. @throws ConnectionError when there are none to be had */
export async function requestStream(
  { url, fetch, headers, credentials }: LinkSettings,
  wanted: StreamRequest,
  signal: AbortSignal,
): Promise<Response> {
  let own: Headers
  try {
    own = new Headers(typeof headers === 'function' ? await headers() : headers)
  } catch (cause) {
    throw new ConnectionError('headers', `headers failed: ${cause}`, { cause })
  }
  const target = new URL(url)
  target.search += `${target.search && '&'}${formatStreamRequest(wanted)}`
  const isLong = target.href.length > longestUrl
  return followRedirects(isLong ? url : target.href, !![...own][0], (to, trusted, redirect) => {
    // React Native's signals have no `throwIfAborted`.
    if (signal.aborted) throw signal.reason
    // On a GET, nothing but what the caller asks for may cost a preflight.
    const all = new Headers(trusted ? own : {})
    all.set('accept', 'text/event-stream')
    if (isLong) all.set('content-type', 'application/json')
    const request = new Request(to, {
      cache: 'no-store',
      signal,
      headers: all,
      redirect,
      ...(credentials && { credentials }),
      ...(isLong && { method: 'POST', body: formatStreamRequestBody(wanted) }),
    })
    // Node's hears of its signal only while somebody holds it.
    signal.onabort = () => void request
    return fetch(request)
  })
}
