import { createEventServer } from '@millrace/server'
import { openLog, openShards } from './open-log.ts'
import { customersOf, shop } from './shop.ts'

// A node whose one subscriber wants nothing of what is published but the last event of each shard: what it uses is what a log costs each of its nodes.

const { LOG_URL = '', LOG_SHARDS } = process.env
const log = LOG_SHARDS === undefined ? openLog(LOG_URL) : openShards(LOG_URL, Number(LOG_SHARDS))
const events = createEventServer({ contract: shop, log })
const last = customersOf(log, 'last')
const query = last.map((customer) => `topic=orders/${customer}`).join('&')
const response = await events.fetch(new Request(`http://localhost/events?${query}`))
const reader = response.body?.getReader()
const text = new TextDecoder()

let before = process.cpuUsage()
process.on('message', () => {
  before = process.cpuUsage()
  process.send?.('counting')
})
process.once('disconnect', () => process.exit())

for (let following = false, outstanding = last.length; ; ) {
  const chunk = await reader?.read()
  if (chunk?.done !== false) break
  if (!following) process.send?.(process.memoryUsage().rss)
  following = true
  outstanding -= text.decode(chunk.value).split('event: placed').length - 1
  if (outstanding > 0) continue
  const { user, system } = process.cpuUsage(before)
  process.send?.(user + system)
}
