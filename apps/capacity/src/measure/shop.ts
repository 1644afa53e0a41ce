import { channel, defineContract } from '@millrace/contract'
import type { Log, ShardedLog } from '@millrace/log'
import type { EventServer } from '@millrace/server'
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

/** How many are published at once, and read at once. */
export const pageLength = 1_000

/** Publishes such events, about as many topics, a page of them under way at a time. */
export async function publishMany(events: EventServer, count: number): Promise<void> {
  for (let from = 0; from < count; from += pageLength) {
    const batch = Array.from({ length: pageLength }, (_, index) =>
      events.publish(topicOf(from + index), 'placed', event),
    )
    await Promise.all(batch)
  }
}

/** Customers whose topics are in one shard each, in the order of the shards. @param name what all of them are called, up to a number */
export function customersOf(log: Log | ShardedLog, name: string): readonly string[] {
  const customers: string[] = []
  const [count, shardOf] =
    'shards' in log ? [log.shards.length, (address: string) => log.shardOf(address)] : [1, () => 0]
  for (let number = 0, found = 0; found < count; number += 1) {
    const customer = `${name}-${number}`
    const shard = shardOf(shop.orders({ customer }).address)
    if (customers[shard] !== undefined) continue
    customers[shard] = customer
    found += 1
  }
  return customers
}
