import { channel, defineContract } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import { createEventClient } from './index.ts'

const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('tenants/{tenant}/orders/{number}', {
      params: { number: z.coerce.number<string>() },
      events: { placed: z.object({ total: z.number() }) },
    }),
  },
})

it('a pattern with some of its params is every topic that has these', async () => {
  const events = createEventServer({ contract: shop, log: memoryLog() })
  const client = createEventClient({
    url: 'http://server.test/events',
    fetch: (request) => events.fetch(request),
  })
  onTestFinished(async () => {
    await client.close()
    await events.close({ drain: 0 })
  })
  const place = (tenant: string, number: number, total: number) =>
    events.publish(shop.orders({ tenant, number }), 'placed', { total })
  await place('a', 1, 1)
  await place('b', 1, 2)
  await place('a', 2, 3)

  const ofTenant: unknown[] = []
  const ofNumber: unknown[] = []
  client.subscribe(
    shop.orders({ number: 1 }),
    { placed: ({ params, data }) => void ofNumber.push([params.tenant, params.number, data.total]) },
    { from: 'earliest' },
  )
  for await (const event of client.subscribe(shop.orders({ tenant: 'a' }), { from: 'earliest' })) {
    if (event.name !== 'placed') continue
    ofTenant.push([event.params.tenant, event.params.number, event.data.total])
    if (ofTenant.length === 2) await place('a', 3, 4)
    if (ofTenant.length === 3) break
  }
  expect(ofTenant).toEqual([
    ['a', 1, 1],
    ['a', 2, 3],
    ['a', 3, 4],
  ])
  await expect
    .poll(() => ofNumber)
    .toEqual([
      ['a', 1, 1],
      ['b', 1, 2],
    ])
})

it('nothing is published to a pattern, and the type says which param it lacks', async () => {
  const events = createEventServer({ contract: shop, log: memoryLog() })
  onTestFinished(() => events.close({ drain: 0 }))
  // @ts-expect-error: a pattern is many topics
  await expect(events.publish(shop.orders({ tenant: 'a' }), 'placed', { total: 1 })).rejects.toThrow()
})
