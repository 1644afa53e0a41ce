import { createServer } from 'node:http'
import { EventPublisher, os, withEventMeta } from '@orpc/server'
import { RPCHandler } from '@orpc/server/node'
import { type HeldEvent, History } from '../history.ts'
import { listen, stopServer } from './listen.ts'
import type { StartPeer } from './peer.ts'

export const start: StartPeer = async ({ heartbeat }) => {
  const publisher = new EventPublisher<{ placed: HeldEvent }>()
  const history = new History()
  let connections = 0
  const events = os.handler(async function* ({ signal, lastEventId }) {
    connections += 1
    try {
      const live = publisher.subscribe('placed', signal === undefined ? {} : { signal })
      for (const { id, data } of history.after(lastEventId)) yield withEventMeta({ ...data }, { id })
      for await (const { id, data } of live) yield withEventMeta({ ...data }, { id })
    } finally {
      connections -= 1
    }
  })
  const handler = new RPCHandler({ events }, { eventIteratorKeepAliveInterval: heartbeat })
  const server = createServer(async (request, response) => {
    const { matched } = await handler.handle(request, response, { prefix: '/rpc' })
    if (matched) return
    response.statusCode = 404
    response.end()
  })
  return {
    port: await listen(server),
    address: { protocol: 'http', path: '/rpc/events', body: '{}' },
    get connections() {
      return connections
    },
    publish: (event) => publisher.publish('placed', history.add(event)),
    cursor: () => history.last,
    stop: () => stopServer(server),
  }
}
