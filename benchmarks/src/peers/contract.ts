import { channel, defineContract } from '@millrace/contract'
import * as z from 'zod'

/** The schema of the event, for every peer that has schemas. */
export const eventSchema = z.object({
  number: z.string(),
  sentAt: z.int(),
  customer: z.string(),
  status: z.enum(['placed', 'shipped']),
  total: z.number(),
  note: z.string(),
})

export const shop = defineContract({
  name: 'benchmark',
  version: '1.0.0',
  channels: { orders: channel('orders/{customer}', { events: { placed: eventSchema } }) },
})
