import { createFetchSink, type FetchSink } from '../session/fetch-sink.ts'
import type { Streams } from '../streams.ts'
import type { Call } from './call.ts'
import { RefusalError } from './refusal-error.ts'

/** Answers a request of the Fetch standard. */
export async function handleFetch(streams: Streams, request: Request): Promise<Response> {
  const { status, headers, body, stream } = await streams.answer(callOf(request))
  if (stream === undefined) return new Response(body ?? null, { status, headers })
  // The client has left while it was answered: nobody will read, and nobody would say so again.
  if (request.signal.aborted) return new Response(null, { status, headers })
  let sink: FetchSink | undefined
  stream((observer) => {
    sink = createFetchSink(observer, request)
    return sink
  })
  return new Response(sink?.body ?? null, { status, headers })
}

function callOf(request: Request): Call {
  const url = new URL(request.url)
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    length: url.pathname.length + url.search.length,
    native: request,
    header: (name) => request.headers.get(name) ?? undefined,
    body: (maxBytes) => readBody(request.body, maxBytes),
  }
}

async function readBody(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  let bytes = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.byteLength
    if (bytes > maxBytes) {
      void reader.cancel().catch(() => {})
      throw new RefusalError('too-large', `The body is longer than ${maxBytes} bytes`)
    }
    text += decoder.decode(read.value, { stream: true })
  }
  return text + decoder.decode()
}
