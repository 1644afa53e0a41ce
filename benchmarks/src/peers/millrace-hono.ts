import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { listenHono } from './listen-hono.ts'
import { createMillraceEvents, sharedTopic } from './millrace-events.ts'
import type { StartPeer } from './peer.ts'

/** Our fetch handler as a route of Hono, which owns the response. */
export const start: StartPeer = async (options) => {
  const { events, ...rest } = createMillraceEvents(options)
  const app = new Hono()
  app.get('/events/*', (context) => events.fetch(context.req.raw))
  const { port, connections, stop } = await listenHono(serve, app.fetch)
  return {
    port,
    address: { protocol: 'http', path: `/events/orders/${sharedTopic}` },
    get connections() {
      return connections()
    },
    ...rest,
    async stop() {
      await events.close({ drain: 100 })
      await stop()
    },
  }
}
