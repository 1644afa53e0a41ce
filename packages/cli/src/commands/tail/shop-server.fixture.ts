import { once } from 'node:events'
import { createServer } from 'node:http'
import { channel, defineContract } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import * as z from 'zod'

// A process of its own, so that it can be killed: `node shop-server.fixture.ts <port>` prints its port, and publishes the
// number on each line that it is given.

const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      events: { placed: z.object({ total: z.number() }), shipped: z.object({}) },
    }),
  },
})

const events = createEventServer({ contract: shop, log: memoryLog(), retry: 100 })
const server = createServer(toNodeListener(events)).listen(Number(process.argv[2]), '127.0.0.1')
await once(server, 'listening')
const address = server.address()
process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)

for await (const data of process.stdin) {
  for (const line of String(data).split('\n').filter(Boolean)) {
    const [topic = '', total] = line.split(' ')
    const order = shop.orders({ orderId: topic })
    if (total === undefined) await events.publish(order, 'shipped', {})
    else await events.publish(order, 'placed', { total: Number(total) })
  }
}
