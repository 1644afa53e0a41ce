// Checked, never run: what is right compiles, and each line that is wrong fails (an unused expectation is an error too).
import { createServer } from 'node:http'
import { channel, defineContract, type EventOf, isoDate } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { z } from 'zod'

const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.string() },
      events: { placed: z.object({ total: z.number(), at: isoDate }) },
    }),
  },
})
const events = createEventServer({ contract: shop, log: memoryLog() })
const topic = shop.orders({ orderId: '42' })

const published: Promise<{ id: string }> = events.publish(topic, 'placed', { total: 10, at: new Date() })
// @ts-expect-error: a date in code is a Date
events.publish(topic, 'placed', { total: 10, at: '2026-11-21T00:00:00.000Z' })
// @ts-expect-error: the channel has no such event
events.publish(topic, 'shipped', { total: 10, at: new Date() })
// @ts-expect-error: the param has another name
shop.orders({ id: '42' })

const total = (event: EventOf<typeof shop.orders, 'placed'>): number => event.data.total
createServer(toNodeListener(events))

export { published, total }
