import sse from '@fastify/sse'
import fastify, { type FastifyReply } from 'fastify'
import { type HeldEvent, History } from '../history.ts'
import { backlog } from './listen.ts'
import type { StartPeer } from './peer.ts'

export const start: StartPeer = async ({ heartbeat }) => {
  const replies = new Set<FastifyReply>()
  const history = new History()
  const app = fastify({ forceCloseConnections: true })
  await app.register(sse, { heartbeatInterval: heartbeat })
  app.get('/events', { sse: 'only' }, async (_request, reply) => {
    reply.sse.keepAlive()
    // The head leaves with the first message, so its documentation sends one.
    await reply.sse.send({ event: 'connected', data: {} })
    await reply.sse.replay(async (lastEventId) => {
      for (const event of history.after(lastEventId)) await reply.sse.send(messageOf(event))
    })
    replies.add(reply)
    reply.sse.onClose(() => replies.delete(reply))
  })
  await app.listen({ port: 0, host: '127.0.0.1', backlog })
  const address = app.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    address: { protocol: 'http', path: '/events' },
    get connections() {
      return replies.size
    },
    publish(event) {
      const message = messageOf(history.add(event))
      for (const reply of replies) void reply.sse.send(message)
    },
    cursor: () => history.last,
    stop: () => app.close(),
  }
}

function messageOf({ id, data }: HeldEvent) {
  return { id, event: 'placed', data }
}
