import { createServer } from 'node:http'
import { toNodeListener } from '@millrace/server/node'
import { listen, stopServer } from './listen.ts'
import { createMillraceEvents, sharedTopic } from './millrace-events.ts'
import type { StartPeer } from './peer.ts'

export const start: StartPeer = async (options) => {
  const { events, ...rest } = createMillraceEvents(options)
  const server = createServer(toNodeListener(events))
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
