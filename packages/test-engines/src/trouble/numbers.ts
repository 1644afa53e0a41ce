import { channel, defineContract } from '@millrace/contract'
import * as z from 'zod'

/** Lines of numbered events, each from 1 on, so that whatever is lost, doubled or out of order shows. */
export const numbers = defineContract({
  name: 'numbers',
  version: '1.0.0',
  channels: {
    lines: channel('lines/{line}', { events: { said: z.object({ number: z.int() }) } }),
  },
})
