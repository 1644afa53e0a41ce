import { readFileSync } from 'node:fs'
import http2 from 'node:http2'
import { toNodeListener } from '@millrace/server/node'
import { app } from './app.ts'
import { events } from './events.ts'

const tls = {
  cert: readFileSync(process.env.TLS_CERT ?? 'cert.pem'),
  key: readFileSync(process.env.TLS_KEY ?? 'key.pem'),
  // Clients that speak HTTP/1.1 alone are served, too: curl without TLS extensions, old proxies, health checks.
  allowHTTP1: true,
}
const streams = toNodeListener(events)
const server = http2.createSecureServer(tls, (request, response) => {
  streams(request, response, () => void app(request, response))
})
server.listen(Number(process.env.PORT ?? 4000), () => console.log(server.address()))

const connections = new Set<http2.ServerHttp2Session>()
server.on('session', (connection) => {
  connections.add(connection)
  connection.once('close', () => connections.delete(connection))
})

process.once('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  server.close()
  // Clients keep them open without any stream, and Node 20 waits for that.
  for (const connection of connections) connection.close()
})
