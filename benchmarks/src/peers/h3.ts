import { createServer } from 'node:http'
import { createEventStream, type EventStream, H3 } from 'h3'
import { toNodeHandler } from 'h3/node'
import { type HeldEvent, History } from '../history.ts'
import { listen, stopServer } from './listen.ts'
import type { StartPeer } from './peer.ts'

export const start: StartPeer = async ({ heartbeat }) => {
  const streams = new Set<EventStream>()
  const history = new History()
  const app = new H3()
  app.get('/events', (event) => {
    const stream = createEventStream(event)
    streams.add(stream)
    stream.onClosed(() => streams.delete(stream))
    // The head leaves with the first bytes.
    void stream.pushComment('connected')
    const missed = history.after(event.req.headers.get('last-event-id'))
    if (missed.length > 0) void stream.push(missed.map(messageOf))
    return stream
  })
  const beat = setInterval(() => {
    for (const stream of streams) void stream.pushComment('')
  }, heartbeat)
  const server = createServer(toNodeHandler(app) as Parameters<typeof createServer>[1])
  return {
    port: await listen(server),
    address: { protocol: 'http', path: '/events' },
    get connections() {
      return streams.size
    },
    publish(event) {
      const message = messageOf(history.add(event))
      for (const stream of streams) void stream.push(message)
    },
    cursor: () => history.last,
    stop() {
      clearInterval(beat)
      return stopServer(server)
    },
  }
}

function messageOf({ id, data }: HeldEvent) {
  return { id, event: 'placed', data: JSON.stringify(data) }
}
