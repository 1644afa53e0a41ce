import { toNodeListener } from '@millrace/server/node'
import compression from 'compression'
import express from 'express'
import { events } from './events.ts'
import { shop } from './shop.ts'

const app = express()
// Lets streams pass: their `cache-control` says `no-transform`, which it obeys.
app.use(compression({ threshold: 0 }))
// Before anything that reads bodies, because long lists of topics are sent as a POST. Other paths go on to what follows.
app.use(toNodeListener(events))

app.use(express.json())
app.post('/orders/:orderId', async ({ params, body }, response) => {
  response.json(await events.publish(shop.orders({ orderId: params.orderId }), 'placed', body))
})
app.get('/stats', (_request, response) => {
  response.json(events.stats())
})

const server = app.listen(Number(process.env.PORT ?? 4000), () => console.log(server.address()))

process.once('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  server.close()
})
