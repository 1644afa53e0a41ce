import { channel, defineContract, event, isoDate } from '@millrace/contract'
import * as z from 'zod'

/** Makes the contract of these tests; each call makes a copy of its own. */
export function defineShop() {
  return defineContract({
    name: 'shop',
    version: '1.0.0',
    channels: {
      orders: channel('orders/{orderId}', {
        events: {
          placed: z.object({ total: z.number(), note: z.optional(z.string()), at: z.optional(isoDate) }),
          shipped: event(z.object({ carrier: z.string() }), {
            version: 2,
            upgrade: { 1: () => ({ carrier: '' }) },
          }),
        },
        snapshot: z.object({ total: z.number(), at: z.optional(isoDate) }),
      }),
      prices: channel('prices/{symbol}', {
        events: { tick: z.number(), note: z.string() },
        deliver: 'latest',
      }),
      stock: channel('stock/{place}/{item}', {
        params: { item: z.string().regex(/^[a-z]+$/) },
        events: { level: z.object({ count: z.number() }) },
      }),
      anything: channel('anything', { events: { said: z.any() } }),
    },
  })
}

export const shop = defineShop()
