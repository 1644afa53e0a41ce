import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { channel, defineContract } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { createEventServer, type EventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { onTestFinished } from 'vitest'
import * as z from 'zod'

export const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', { events: { placed: z.object({ total: z.number() }) } }),
  },
})

/** An event server that listens until the test is over. */
export async function serveShop(
  options: { readonly heartbeat?: number } = {},
): Promise<{ readonly events: EventServer; readonly port: number }> {
  const events = createEventServer({ contract: shop, log: memoryLog(), heartbeat: 200, ...options })
  onTestFinished(() => events.close({ drain: 0 }))
  const listen = toNodeListener(events)
  return { events, port: await serve(createServer(listen)) }
}

/** Whatever answers like this, until the test is over. */
export const serveHttp = (listener: RequestListener): Promise<number> => serve(createServer(listener))

/** Has a server listen until the test is over, and gives its port. */
export async function serve(server: NetServer | Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
