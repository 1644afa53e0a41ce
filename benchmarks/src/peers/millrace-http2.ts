import { createServer } from 'node:http2'
import { toNodeListener } from '@millrace/server/node'
import { listen } from './listen.ts'
import { createMillraceEvents, sharedTopic } from './millrace-events.ts'
import type { StartPeer } from './peer.ts'

/** The same listener below `node:http2`, without TLS: what that costs is the connection's, which a hundred streams share. */
export const start: StartPeer = async (options) => {
  const { events, ...rest } = createMillraceEvents(options)
  const server = createServer({ settings: { maxConcurrentStreams: 1_000 } }, toNodeListener(events))
  const sessions = new Set<{ destroy(): void }>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  return {
    port: await listen(server),
    address: { protocol: 'http2', path: `/events/orders/${sharedTopic}` },
    get connections() {
      return events.stats().connections
    },
    ...rest,
    async stop() {
      await events.close({ drain: 100 })
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const session of sessions) session.destroy()
      })
    },
  }
}
