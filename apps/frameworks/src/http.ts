import http from 'node:http'
import { toNodeListener } from '@millrace/server/node'
import { app } from './app.ts'
import { events } from './events.ts'

const streams = toNodeListener(events)
// Paths that are not the streams' go to the third parameter; without one they are not found.
const server = http.createServer((request, response) => {
  streams(request, response, () => void app(request, response))
})
server.listen(Number(process.env.PORT ?? 4000), () => console.log(server.address()))

process.once('SIGTERM', async () => {
  // First, because `server.close()` waits for open streams.
  await events.close({ drain: 5_000 })
  server.close()
})
