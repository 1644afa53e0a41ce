import type { Server } from 'node:http'
import type { serve } from '@hono/node-server'
import { stopServer } from './listen.ts'

/** Serves a fetch handler through `@hono/node-server`. */
export async function listenHono(
  start: typeof serve,
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<{ port: number; connections: () => number; stop: () => Promise<void> }> {
  let connections = 0
  const { server, port } = await new Promise<{ server: Server; port: number }>((resolve) => {
    const server = start({ fetch, port: 0, hostname: '127.0.0.1' }, (info) =>
      resolve({ server: server as Server, port: info.port }),
    )
  })
  server.on('connection', (socket) => {
    connections += 1
    socket.on('close', () => {
      connections -= 1
    })
  })
  return { port, connections: () => connections, stop: () => stopServer(server) }
}
