import http from 'node:http'
import { memoryLog } from '@millrace/log'
import { shop } from '../fixtures/shop.fixture.ts'
import { createEventServer } from '../index.ts'
import { toNodeListener } from '../node.ts'

// A process of its own, which prints its port and ends itself at SIGTERM, as the README says.

const log = memoryLog()
const events = createEventServer({ contract: shop, log })
const server = http.createServer(toNodeListener(events))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(typeof address === 'object' ? address?.port : address)
})

process.once('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  server.close()
  await log.close()
})
