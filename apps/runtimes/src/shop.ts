import { channel, defineContract, isoDate } from '@millrace/contract'
import * as z from 'zod'

/** What the server under the suite publishes. */
export const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      events: { placed: z.object({ number: z.int(), at: isoDate, note: z.string() }) },
    }),
    carts: channel('carts/{cartId}', {
      events: { added: z.int() },
      snapshot: z.object({ total: z.int() }),
    }),
    // Which nobody may read.
    secrets: channel('secrets/{secretId}', { events: { told: z.string() } }),
  },
})
