import { channel, defineContract } from '@millrace/contract'
import * as z from 'zod'

export const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', { events: { placed: z.object({ total: z.number() }) } }),
  },
})
