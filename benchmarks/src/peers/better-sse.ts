import { createServer } from 'node:http'
import { createChannel, createSession } from 'better-sse'
import { History } from '../history.ts'
import { listen, stopServer } from './listen.ts'
import type { StartPeer } from './peer.ts'

export const start: StartPeer = async ({ heartbeat }) => {
  const channel = createChannel()
  const history = new History()
  const server = createServer(async (request, response) => {
    const session = await createSession(request, response, { keepAlive: heartbeat })
    // Its `batch` is what its documentation gives for many events at once.
    const missed = history.after(session.lastId)
    if (missed.length > 0) {
      await session.batch((buffer) => {
        for (const { id, data } of missed) buffer.push(data, 'placed', id)
      })
    }
    channel.register(session)
  })
  return {
    port: await listen(server),
    address: { protocol: 'http', path: '/events' },
    get connections() {
      return channel.sessionCount
    },
    publish(event) {
      const { id, data } = history.add(event)
      channel.broadcast(data, 'placed', { eventId: id })
    },
    cursor: () => history.last,
    stop: () => stopServer(server),
  }
}
