import { channel, defineContract } from '@millrace/contract'
import * as z from 'zod'

/** What is published while it is measured: events of 200 bytes, as in the benchmarks. */
export const shop = defineContract({
  name: 'capacity',
  version: '1.0.0',
  channels: { orders: channel('orders/{customer}', { events: { placed: z.object({ note: z.string() }) } }) },
})

/** Length of an event's data as JSON, in bytes. */
export const eventBytes = 200

/** The data of such an event. */
export const event = { note: 'x'.repeat(eventBytes - '{"note":""}'.length) }

/** As many topics as nobody would notice the number of. */
export const topicOf = (number: number) => shop.orders({ customer: `customer-${number % 1_000}` })
