import { channel, defineContract } from '@millrace/contract'
import * as z from 'zod/mini'

/** A topic in which every event is the next number. */
export const numbers = defineContract({
  name: 'numbers',
  version: '1.0.0',
  channels: { said: channel('numbers', { events: { number: z.object({ number: z.int() }) } }) },
})
