import { channel, defineContract } from '@millrace/contract'
import { type MemoryLog, memoryLog } from '@millrace/log'
import { createEventServer, type EventServerOptions } from '@millrace/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as z from 'zod'
import { Seen, untilState } from './client-harness.fixture.ts'
import { createEventClient, type EventClient, type EventClientOptions } from './index.ts'
import { System } from './system.fixture.ts'

// Every way in which a server ends a stream or refuses one, with the server itself, over real sockets.

const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: { orders: channel('orders/{orderId}', { events: { noted: z.int() } }) },
})
const order = shop.orders({ orderId: '1' })
const other = shop.orders({ orderId: '2' })

let log: MemoryLog
let system: System
let client: EventClient
let errors: unknown[]
let states: string[]

beforeEach(() => {
  log = memoryLog({ epoch: 'e' })
  errors = []
  states = []
})
afterEach(async () => {
  await client.close()
  await system.stop()
})

async function start(
  options: Partial<EventServerOptions<typeof shop>> = {},
  clientOptions: Partial<EventClientOptions> = {},
): Promise<Seen<number>> {
  system = await System.start(() => createEventServer({ contract: shop, log, retry: 1, ...options }))
  client = createEventClient({
    url: system.url,
    backoff: { base: 1, floor: 1, cap: 5 },
    onError: (error) => errors.push(error),
    ...clientOptions,
  })
  client.onStatus(({ state, cause }) => states.push(cause === undefined ? state : `${state} ${cause.bye}`))
  const seen = new Seen<number>()
  client.subscribe(order, ({ name, data }) => seen.push(name === 'noted' ? data : Number.NaN), {
    from: 'earliest',
  })
  return seen
}

/** Publishes numbers up to this one while it happens, and expects each once, in order. */
async function publishThrough(seen: Seen<number>, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    await system.events.publish(order, 'noted', number)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await seen.count(count)
  expect(seen.items).toEqual(Array.from({ length: count }, (_, number) => number))
}

it('rights that expire are renewed without a pause, and without loss', async () => {
  let token = 0
  const tokens: unknown[] = []
  const seen = await start(
    {
      authorize: ({ request }) => {
        tokens.push(request.header('authorization'))
        return { allow: true, expires: Date.now() + (tokens.length === 1 ? 500 : 600_000) }
      },
    },
    { headers: () => ({ authorization: `Bearer ${++token}` }) },
  )
  await publishThrough(seen, 120)
  expect(tokens).toEqual(['Bearer 1', 'Bearer 2'])
  expect(states).not.toContain('waiting expired')
  expect(errors).toEqual([])
})

it('rights that are revoked end the subscription, as soon as the server has said why', async () => {
  let allowed = true
  const seen = await start({ authorize: () => ({ principal: 'ann', allow: allowed }) })
  await system.events.publish(order, 'noted', 1)
  await seen.count(1)
  allowed = false
  expect(system.events.revoke({ principal: 'ann' })).toBe(1)
  expect(await untilState(client, 'closed')).toMatchObject({ cause: { status: 403, topics: ['orders/1'] } })
  expect(errors).toMatchObject([{ status: 403, final: true }])
})

it('streams that have lasted long enough are opened anew, without loss, and the status says why', async () => {
  const seen = await start({ maxAge: 100, heartbeat: 400 })
  await publishThrough(seen, 60)
  expect(states).toContain('waiting age')
  expect(errors).toEqual([])
})

it('one topic that may not be read does not keep the others', async () => {
  const seen = await start({ authorize: () => ({ allow: ({ address }) => address !== 'orders/2' }) })
  const denied = client.subscribe(other)
  await expect(denied.next()).rejects.toMatchObject({ status: 403, topics: ['orders/2'], final: true })
  await publishThrough(seen, 3)
  expect(client.status.state).toBe('open')
  expect(errors).toEqual([])
})

it('a topic that is complete is over, and asked for again is the end', async () => {
  const seen = await start()
  await system.events.publish(order, 'noted', 0)
  const { id } = await system.events.end(order)
  await seen.count(1)
  await untilState(client, 'idle')
  const iterator = client.subscribe(order, { from: id })
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
  expect(await untilState(client, 'closed')).toMatchObject({ cause: { status: 204, final: true } })
  expect(errors).toEqual([])
})

it('a server that is full is left alone for as long as it asks', async () => {
  system = await System.start(() =>
    createEventServer({ contract: shop, log, limits: { connections: 1 }, random: () => 0 }),
  )
  const first = createEventClient({ url: system.url })
  first.subscribe(other)
  await untilState(first, 'open')
  client = createEventClient({ url: system.url, backoff: { base: 1, floor: 1, cap: 5 } })
  const before = Date.now()
  client.subscribe(order)
  const { cause, nextAttemptAt } = await untilState(client, 'waiting')
  expect(cause).toMatchObject({ status: 503, final: false, problem: { code: 'unavailable' } })
  expect(nextAttemptAt).toBeGreaterThanOrEqual(before + 1_000)
  await first.close()
  await untilState(client, 'open')
})
