import { createServer } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import { type HeldEvent, History } from '../history.ts'
import { listen, stopServer } from './listen.ts'
import type { StartPeer } from './peer.ts'

export const start: StartPeer = async ({ heartbeat }) => {
  const history = new History()
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, request) => {
    const id = new URL(request.url ?? '/', 'http://localhost').searchParams.get('last-event-id')
    for (const event of history.after(id)) socket.send(textOf(event))
  })
  const beat = setInterval(() => {
    for (const socket of sockets.clients) socket.ping()
  }, heartbeat)
  return {
    port: await listen(server),
    address: { protocol: 'websocket', path: '/events' },
    get connections() {
      return sockets.clients.size
    },
    publish(event) {
      const text = textOf(history.add(event))
      for (const socket of sockets.clients) if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    cursor: () => history.last,
    stop() {
      clearInterval(beat)
      for (const socket of sockets.clients) socket.terminate()
      return stopServer(server)
    },
  }
}

function textOf({ id, data }: HeldEvent): string {
  return JSON.stringify({ id, event: 'placed', data })
}
