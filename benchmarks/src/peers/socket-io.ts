import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { History } from '../history.ts'
import { listen } from './listen.ts'
import type { StartPeer } from './peer.ts'

export const start: StartPeer = async ({ heartbeat }) => {
  const history = new History()
  const server = createServer()
  const sockets = new Server(server, { pingInterval: heartbeat, pingTimeout: 20_000 })
  sockets.on('connection', (socket) => {
    const id = socket.handshake.query['last-event-id']
    for (const event of history.after(typeof id === 'string' ? id : undefined)) {
      socket.emit('placed', event.data, event.id)
    }
  })
  return {
    port: await listen(server),
    address: { protocol: 'socket.io', path: '/socket.io/?EIO=4&transport=websocket' },
    get connections() {
      return sockets.engine.clientsCount
    },
    publish(event) {
      const { id, data } = history.add(event)
      sockets.emit('placed', data, id)
    },
    cursor: () => history.last,
    stop: () => sockets.close(),
  }
}
