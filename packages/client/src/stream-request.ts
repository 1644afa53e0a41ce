import { formatStreamRequest, formatStreamRequestBody, type StreamRequest } from '@millrace/protocol'
import { ConnectionError } from './connection-error.ts'
import type { Settings } from './options.ts'

// What every proxy and server on the way takes.
const longestUrl = 2_000

/** Makes the request for a stream, with headers asked for now. @throws ConnectionError when there are none to be had */
export async function createStreamRequest(
  { url, headers, credentials }: Settings,
  wanted: StreamRequest,
  signal: AbortSignal,
): Promise<Request> {
  const target = new URL(url)
  target.search += `${target.search && '&'}${formatStreamRequest(wanted)}`
  // On a GET, nothing but what the caller asks for may cost a preflight.
  const all = await readHeaders(headers)
  all.set('accept', 'text/event-stream')
  const init: RequestInit = { cache: 'no-store', signal, headers: all, ...(credentials && { credentials }) }
  if (target.href.length <= longestUrl) return new Request(target, init)
  all.set('content-type', 'application/json')
  return new Request(url, { ...init, method: 'POST', body: formatStreamRequestBody(wanted) })
}

async function readHeaders(headers: Settings['headers']): Promise<Headers> {
  try {
    return new Headers(await headers())
  } catch (cause) {
    throw new ConnectionError('headers', `The headers cannot be had: ${cause}`, { cause })
  }
}
