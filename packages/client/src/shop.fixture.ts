import { channel, defineContract, event, isoDate } from '@millrace/contract'
import * as z from 'zod'

/** A contract to subscribe to. */
export const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.string() },
      events: {
        placed: z.object({ total: z.number() }),
        shipped: event(z.object({ carrier: z.string() }), {
          version: 2,
          upgrade: { 1: (old) => ({ carrier: old.by }) },
        }),
        dated: z.object({ at: isoDate }),
      },
    }),
    stock: channel('stock/{item}', {
      params: { item: z.string().regex(/^\d+$/) },
      events: { counted: z.int() },
    }),
    carts: channel('carts/{cartId}', {
      events: { added: z.int(), emptied: z.null() },
      snapshot: z.object({ total: z.int(), since: isoDate }),
    }),
  },
})

export const cart = shop.carts({ cartId: '7' })
export const order = shop.orders({ orderId: '42' })
