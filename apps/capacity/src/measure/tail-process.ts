import { createEventServer } from '@millrace/server'
import { openLog } from './open-log.ts'
import { shop } from './shop.ts'

// A node whose one subscriber wants nothing of what is published but the last event: what it uses is what a log costs each of its nodes.

const events = createEventServer({ contract: shop, log: openLog(process.env.LOG_URL ?? '') })
const response = await events.fetch(new Request('http://localhost/events?topic=orders/last'))
const reader = response.body?.getReader()
const text = new TextDecoder()

let before = process.cpuUsage()
process.on('message', () => {
  before = process.cpuUsage()
  process.send?.('counting')
})
process.once('disconnect', () => process.exit())

for (let following = false; ; ) {
  const chunk = await reader?.read()
  if (chunk?.done !== false) break
  if (!following) process.send?.(process.memoryUsage().rss)
  following = true
  if (!text.decode(chunk.value).includes('event: placed')) continue
  const { user, system } = process.cpuUsage(before)
  process.send?.(user + system)
}
