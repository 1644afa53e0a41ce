import { expect, it } from 'vitest'
import * as z from 'zod'
import { bigintText, channel, defineContract, event, isoDate } from './index.ts'

const placed = z.object({ at: isoDate })
const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  title: 'The shop',
  description: 'What it sells',
  channels: {
    orders: channel('orders/{orderId}', {
      description: 'What happens to an order',
      params: { orderId: z.uuid() },
      events: {
        placed,
        shipped: event(placed, { version: 4, upgrade: { 2: (old) => old, 3: (old) => old } }),
      },
      snapshot: placed,
    }),
  },
})

it('lets tools read what a contract was made of', () => {
  const { title, description, channels } = shop['~contract']
  expect({ title, description }).toEqual({ title: 'The shop', description: 'What it sells' })
  const { orders } = channels
  expect(orders?.description).toBe('What happens to an order')
  expect(orders?.params?.orderId).toBeInstanceOf(z.ZodUUID)
  expect(orders?.events.placed?.schema).toBe(placed)
  expect(orders?.snapshot?.schema).toBe(placed)
})

it('tells which older versions of an event it understands', () => {
  const { placed, shipped } = shop.orders['~channel'].events
  expect(placed?.upgradesFrom).toEqual([])
  expect(shipped?.upgradesFrom).toEqual([2, 3])
})

it.each([
  [isoDate, 'date'],
  [bigintText, 'bigint'],
  [z.clone(isoDate), 'date'],
])('names its codecs, copies too', (codec, name) => {
  expect(codec._zod.def).toMatchObject({ 'x-codec': name })
})
