import { EventEmitter, on } from 'node:events'
import { initTRPC, tracked } from '@trpc/server'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import * as z from 'zod'
import { type HeldEvent, History } from '../history.ts'
import { listen, stopServer } from './listen.ts'
import type { StartPeer } from './peer.ts'

export const start: StartPeer = async ({ heartbeat }) => {
  const emitter = new EventEmitter().setMaxListeners(0)
  const history = new History()
  let connections = 0
  const trpc = initTRPC.create({ sse: { ping: { enabled: true, intervalMs: heartbeat } } })
  const router = trpc.router({
    events: trpc.procedure
      .input(z.object({ lastEventId: z.string().nullish() }).optional())
      .subscription(async function* ({ input, signal }) {
        connections += 1
        try {
          // First listened to, so that nothing is missed while what was missed is sent.
          const live = on(emitter, 'placed', signal === undefined ? {} : { signal })
          for (const { id, data } of history.after(input?.lastEventId)) yield tracked(id, data)
          for await (const [event] of live) {
            const { id, data } = event as HeldEvent
            yield tracked(id, data)
          }
        } finally {
          connections -= 1
        }
      }),
  })
  const server = createHTTPServer({ router, basePath: '/trpc/' })
  return {
    port: await listen(server),
    address: { protocol: 'http', path: '/trpc/events' },
    get connections() {
      return connections
    },
    publish: (event) => void emitter.emit('placed', history.add(event)),
    cursor: () => history.last,
    stop: () => stopServer(server),
  }
}
