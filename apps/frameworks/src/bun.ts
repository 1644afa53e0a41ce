import { events } from './events.ts'
import { shop } from './shop.ts'

const server = Bun.serve({
  port: Number(process.env.PORT ?? 4000),
  // Seconds. Bun cuts what is silent for 10, and a stream's heartbeat comes every 15.
  idleTimeout: 30,
  routes: {
    '/events': events.fetch,
    '/events/*': events.fetch,
    '/orders/:orderId': {
      async POST(request) {
        // Whatever it is: publishing checks it.
        const data = (await request.json()) as { total: number }
        return Response.json(await events.publish(shop.orders(request.params), 'placed', data))
      },
    },
    '/stats': () => Response.json(events.stats()),
  },
})
console.log(server.url.href)

process.once('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  await server.stop()
})
