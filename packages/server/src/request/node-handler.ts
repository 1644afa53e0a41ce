import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A listener of `node:http` and `node:http2` for a short answer; also a handler of Connect and Express. */
export type NodeHandler = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => void

// What both kinds of response do alike. Of their overloads TypeScript can pick none.
interface ResponseWriter {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  end(body: string): unknown
}

/**
 * Serves a handler without a body in and with a short text out from Node's own server: those of `@millrace/server/prometheus` and
 * `@millrace/server/health`. Not for streams, which `toNodeListener` is for.
 */
export function toNodeHandler(handle: (request: Request) => Promise<Response>): NodeHandler {
  return (request, response) => {
    answer(request, response).catch(() => void response.destroy())
  }

  async function answer(request: Parameters<NodeHandler>[0], response: ResponseWriter): Promise<void> {
    // Only the method and the `accept` matter, and a `Request` refuses methods and headers that Node lets through.
    const { method = 'GET', headers } = request
    const isRead = method === 'GET' || method === 'HEAD'
    const asked = new Request('http://localhost/', {
      method: isRead ? method : 'POST',
      headers: { accept: headers.accept ?? '*/*' },
    })
    const answered = await handle(asked)
    const text = await answered.text()
    response.writeHead(answered.status, Object.fromEntries(answered.headers))
    response.end(text)
    // A body that nobody reads would keep the connection from its next request.
    request.resume()
  }
}
