import { createServer } from 'node:http'
import { createEventServer } from '@millrace/server'
import { readyHandler } from '@millrace/server/health'
import { toNodeHandler, toNodeListener } from '@millrace/server/node'
import { numbers } from './numbers.ts'
import { openLog } from './open-log.ts'

// One of several servers: `LOG_URL=redis://… PORT=4001 node src/node.ts`. On SIGTERM it lets its streams go, spread out, and ends.

const { LOG_URL = 'redis://localhost:6379', PORT = '4000', DRAIN = '2000' } = process.env
const log = await openLog(LOG_URL)
const events = createEventServer({ contract: numbers, log })
const streams = toNodeListener(events)
const ready = toNodeHandler(readyHandler(events))
// For operators, which here is the proxy alone, the path is out of the way of topics.
const server = createServer((request, response) =>
  (request.url === '/ready' ? ready : streams)(request, response),
)

server.listen(Number(PORT), '127.0.0.1', () => {
  // For whoever has started it as a process of its own.
  process.send?.('listening')
})

process.once('SIGTERM', async () => {
  await events.close({ drain: Number(DRAIN) })
  server.close()
  server.closeAllConnections()
  await log.close()
  process.exit()
})
// Nobody is left who could stop it.
process.once('disconnect', () => process.exit())
