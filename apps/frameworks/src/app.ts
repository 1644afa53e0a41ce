import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { json } from 'node:stream/consumers'
import { events } from './events.ts'
import { shop } from './shop.ts'

/** The rest of an application on Node's own server: publishes at `POST /orders/42`, and answers `GET /stats`. */
export async function app(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): Promise<void> {
  const orderId = request.url?.match(/^\/orders\/(\w+)$/)?.[1]
  let status = 200
  let answer: unknown
  if (request.method === 'POST' && orderId !== undefined) {
    // Whatever it is: publishing checks it.
    const data = (await json(request)) as { total: number }
    answer = await events.publish(shop.orders({ orderId }), 'placed', data)
  } else if (request.url === '/stats') answer = events.stats()
  else {
    status = 404
    answer = { title: 'There is nothing here' }
  }
  response.statusCode = status
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(answer))
}
