import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { events } from './events.ts'
import { shop } from './shop.ts'

const app = new Hono()
// Lets streams pass: their `cache-control` says `no-transform`, which it obeys.
app.use(compress({ threshold: 0 }))

app.on(['GET', 'POST', 'OPTIONS'], ['/events', '/events/*'], (context) => events.fetch(context.req.raw))

app.post('/orders/:orderId', async ({ req, json }) =>
  json(await events.publish(shop.orders(req.param()), 'placed', await req.json())),
)
app.get('/stats', ({ json }) => json(events.stats()))

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 4000) }, (address) =>
  console.log(address),
)

process.once('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  server.close()
})
