import { DurableObject } from 'cloudflare:workers'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { shop } from './shop.ts'

interface Env {
  readonly SHOP: DurableObjectNamespace<Shop>
}

/**
 * The streams of one shop. In a Durable Object, because everybody reaches the same one, and because a stream of it may be written to while
 * another request is answered, and its timers go on. A plain worker can do neither.
 */
export class Shop extends DurableObject<Env> {
  readonly #events = createEventServer({ contract: shop, log: memoryLog() })

  override fetch(request: Request) {
    return this.#events.fetch(request)
  }

  publish(orderId: string, data: { total: number }) {
    return this.#events.publish(shop.orders({ orderId }), 'placed', data)
  }

  stats() {
    return this.#events.stats()
  }
}

export default {
  async fetch(request, env) {
    const streams = env.SHOP.getByName('shop')
    const { pathname } = new URL(request.url)
    const orderId = pathname.match(/^\/orders\/(\w+)$/)?.[1]
    if (request.method === 'POST' && orderId !== undefined) {
      return Response.json(await streams.publish(orderId, await request.json()))
    }
    if (pathname === '/stats') return Response.json(await streams.stats())
    return streams.fetch(request)
  },
} satisfies ExportedHandler<Env>
