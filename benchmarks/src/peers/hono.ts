import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { type HeldEvent, History } from '../history.ts'
import { listenHono } from './listen-hono.ts'
import type { StartPeer } from './peer.ts'

export const start: StartPeer = async ({ heartbeat }) => {
  const streams = new Set<SSEStreamingApi>()
  const history = new History()
  const app = new Hono()
  app.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      for (const event of history.after(context.req.header('last-event-id'))) {
        await stream.writeSSE(messageOf(event))
      }
      streams.add(stream)
      // The response is over when this function is.
      await new Promise<void>((resolve) => stream.onAbort(resolve))
      streams.delete(stream)
    }),
  )
  const beat = setInterval(() => {
    for (const stream of streams) void stream.write(':\n\n')
  }, heartbeat)
  const { port, stop } = await listenHono(serve, app.fetch)
  return {
    port,
    address: { protocol: 'http', path: '/events' },
    get connections() {
      return streams.size
    },
    publish(event) {
      const message = messageOf(history.add(event))
      for (const stream of streams) void stream.writeSSE(message)
    },
    cursor: () => history.last,
    stop() {
      clearInterval(beat)
      return stop()
    },
  }
}

function messageOf({ id, data }: HeldEvent) {
  return { id, event: 'placed', data: JSON.stringify(data) }
}
