import { channel, defineContract, type EventOf, event, isoDate } from '@millrace/contract'
import * as z from 'zod'

export const shop = defineContract({
  name: 'shop',
  version: '1.2.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.uuid() },
      events: {
        placed: z.object({ total: z.number(), at: isoDate }), // a codec: a Date in code, ISO 8601 on the wire
        shipped: event(z.object({ carrier: z.string() }), {
          version: 2,
          upgrade: { 1: (old) => ({ carrier: old.by }) },
        }),
      },
      snapshot: z.object({ status: z.string(), total: z.number() }),
    }),
  },
})

export type OrderEvent = EventOf<typeof shop.orders>
