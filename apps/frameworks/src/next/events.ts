import { memoryLog } from '@millrace/log'
import { createEventServer, type EventServer } from '@millrace/server'
import { shop } from '../shop.ts'

declare global {
  var shopEvents: EventServer | undefined
}

// Next.js loads modules more than once, for each route and after each change, and all need the same server.
globalThis.shopEvents ??= start()
export const events = globalThis.shopEvents

function start(): EventServer {
  const events = createEventServer({ contract: shop, log: memoryLog() })
  // Next.js ends by itself once no request is open, so the streams have to end.
  process.once('SIGTERM', () => events.close({ drain: 5_000 }))
  return events
}
