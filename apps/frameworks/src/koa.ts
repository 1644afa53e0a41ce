import { json } from 'node:stream/consumers'
import { toNodeListener } from '@millrace/server/node'
import Koa from 'koa'
import compress from 'koa-compress'
import { events } from './events.ts'
import { shop } from './shop.ts'

const app = new Koa()
// Looks at `context.body` alone, and streams have none.
app.use(compress({ threshold: 0 }))

const streams = toNodeListener(events)
app.use((context, next) => {
  if (!/^\/events(\/|$)/.test(context.path)) return next()
  // Koa writes nothing itself from here on.
  context.respond = false
  return streams(context.req, context.res)
})

app.use(async (context, next) => {
  const orderId = context.path.match(/^\/orders\/(\w+)$/)?.[1]
  if (context.method !== 'POST' || orderId === undefined) return next()
  // Whatever it is: publishing checks it.
  const data = (await json(context.req)) as { total: number }
  context.body = await events.publish(shop.orders({ orderId }), 'placed', data)
})
app.use((context) => {
  if (context.path === '/stats') context.body = events.stats()
})

const server = app.listen(Number(process.env.PORT ?? 4000), () => console.log(server.address()))

process.once('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  server.close()
})
