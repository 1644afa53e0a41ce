import { H3, serve } from 'h3'
import { events } from './events.ts'
import { shop } from './shop.ts'

const app = new H3()
for (const path of ['/events', '/events/**']) app.all(path, ({ req }) => events.fetch(req))

app.post('/orders/:orderId', async ({ req, context }) => {
  const orderId = context.params?.orderId ?? ''
  // Whatever it is: publishing checks it.
  const data = (await req.json()) as { total: number }
  return events.publish(shop.orders({ orderId }), 'placed', data)
})
app.get('/stats', () => events.stats())

const port = Number(process.env.PORT ?? 4000)
const server = serve(app, { port, silent: true, gracefulShutdown: false })
await server.ready()
console.log(server.url)

process.once('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  await server.close()
})
