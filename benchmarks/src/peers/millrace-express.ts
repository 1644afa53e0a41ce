import { createServer } from 'node:http'
import { toNodeListener } from '@millrace/server/node'
import express from 'express'
import { listen, stopServer } from './listen.ts'
import { createMillraceEvents, sharedTopic } from './millrace-events.ts'
import type { StartPeer } from './peer.ts'

/** Our listener as a middleware of Express, which owns the response. */
export const start: StartPeer = async (options) => {
  const { events, ...rest } = createMillraceEvents(options)
  const app = express()
  app.use(toNodeListener(events))
  const server = createServer(app)
  return {
    port: await listen(server),
    address: { protocol: 'http', path: `/events/orders/${sharedTopic}` },
    get connections() {
      return events.stats().connections
    },
    ...rest,
    async stop() {
      await events.close({ drain: 100 })
      await stopServer(server)
    },
  }
}
