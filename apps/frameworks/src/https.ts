import { readFileSync } from 'node:fs'
import https from 'node:https'
import { toNodeListener } from '@millrace/server/node'
import { app } from './app.ts'
import { events } from './events.ts'

const tls = {
  cert: readFileSync(process.env.TLS_CERT ?? 'cert.pem'),
  key: readFileSync(process.env.TLS_KEY ?? 'key.pem'),
}
const streams = toNodeListener(events)
const server = https.createServer(tls, (request, response) => {
  streams(request, response, () => void app(request, response))
})
server.listen(Number(process.env.PORT ?? 4000), () => console.log(server.address()))

process.once('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  server.close()
})
