import { createServer } from 'node:http'
import { type NodeListenerOptions, toNodeListener } from '@millrace/server/node'
import { listen, stopServer } from './listen.ts'
import { createMillraceEvents, sharedTopic } from './millrace-events.ts'
import type { Peer, PeerOptions } from './peer.ts'

/** Our server on Node's own. */
export async function startMillrace(options: PeerOptions, listener: NodeListenerOptions): Promise<Peer> {
  const { events, ...rest } = createMillraceEvents(options)
  const server = createServer(toNodeListener(events, listener))
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
