import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { ownTime } from './processor-time.ts'
import { event, shop, topicOf } from './shop.ts'

/** What it costs one that comes back to be led past an event that it does not want, in microseconds. */
export async function measureSkipping({
  skipped,
  streams,
}: {
  readonly skipped: number
  readonly streams: number
}): Promise<number> {
  const log = memoryLog()
  const events = createEventServer({ contract: shop, log, limits: { ringBytes: 4_096 * skipped } })
  const wanted = shop.orders({ customer: 'wanted' })
  const open = async (cursor: string) => {
    const url = `http://localhost/events?topic=orders/wanted&last-event-id=${cursor}`
    const response = await events.fetch(new Request(url))
    const reader = response.body?.getReader()
    const text = new TextDecoder()
    for (let all = ''; !all.includes('event: placed'); ) {
      const { value } = (await reader?.read()) ?? {}
      all += text.decode(value)
    }
    await reader?.cancel()
  }
  const time = async (cursor: string) => {
    for (let index = 0; index < streams / 4; index += 1) await open(cursor)
    const before = ownTime()
    for (let index = 0; index < streams; index += 1) await open(cursor)
    return (ownTime() - before) / streams
  }
  // So that the server follows the log.
  const first = await events.fetch(new Request('http://localhost/events?topic=orders/nobody'))
  const { id: before } = await events.publish(topicOf(0), 'placed', event)
  await Promise.all(
    Array.from({ length: skipped }, (_, number) => events.publish(topicOf(number), 'placed', event)),
  )
  const { id: after } = await events.publish(topicOf(0), 'placed', event)
  await events.publish(wanted, 'placed', event)
  const near = await time(after)
  const far = await time(before)
  await first.body?.cancel()
  await events.close()
  await log.close()
  return (far - near) / skipped
}
