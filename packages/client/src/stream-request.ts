import { formatStreamRequest, type StreamRequest } from '@millrace/protocol'
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
  const query = formatStreamRequest(wanted)
  const target = new URL(url)
  target.search = target.search === '' ? `${query}` : `${target.search}&${query}`
  const init: RequestInit = {
    cache: 'no-store',
    signal,
    ...(credentials === undefined ? {} : { credentials }),
  }
  // On a GET, nothing but what the caller asks for may cost a preflight.
  const all = await readHeaders(headers)
  all.set('accept', 'text/event-stream')
  if (target.href.length <= longestUrl) return new Request(target, { ...init, headers: all })
  all.set('content-type', 'application/json')
  return new Request(url, { ...init, headers: all, method: 'POST', body: JSON.stringify(membersOf(query)) })
}

async function readHeaders(headers: Settings['headers']): Promise<Headers> {
  try {
    return new Headers(await headers())
  } catch (cause) {
    throw new ConnectionError('headers', `The headers cannot be had: ${String(cause)}`, { cause })
  }
}

function membersOf(query: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)]))
}
