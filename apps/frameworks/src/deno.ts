import { events } from './events.ts'
import { shop } from './shop.ts'

const server = Deno.serve({ port: Number(Deno.env.get('PORT') ?? 4000) }, async (request) => {
  const { pathname } = new URL(request.url)
  const orderId = pathname.match(/^\/orders\/(\w+)$/)?.[1]
  if (request.method === 'POST' && orderId !== undefined) {
    return Response.json(await events.publish(shop.orders({ orderId }), 'placed', await request.json()))
  }
  if (pathname === '/stats') return Response.json(events.stats())
  // It answers paths that are not its own with problem details, too.
  return events.fetch(request)
})

Deno.addSignalListener('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  await server.shutdown()
})
