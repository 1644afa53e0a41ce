import compress from '@fastify/compress'
import { toNodeListener } from '@millrace/server/node'
import fastify from 'fastify'
import { events } from './events.ts'
import { shop } from './shop.ts'

const app = fastify()
// Never sees the streams, which `hijack` takes out of its hands.
await app.register(compress, { threshold: 0 })

// In a scope of its own, so that the bodies of these routes alone are left unread: the listener reads them itself.
await app.register(async (scope) => {
  const streams = toNodeListener(events)
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, _body, done) => done(null))
  for (const url of ['/events', '/events/*']) {
    scope.route({
      method: ['GET', 'POST', 'OPTIONS'],
      url,
      handler(request, reply) {
        reply.hijack()
        streams(request.raw, reply.raw)
      },
    })
  }
})

app.post<{ Params: { orderId: string }; Body: { total: number } }>('/orders/:orderId', ({ params, body }) =>
  events.publish(shop.orders(params), 'placed', body),
)
app.get('/stats', async () => events.stats())

// Before the server itself, whose end waits for open streams.
app.addHook('preClose', () => events.close({ drain: 5_000 }))
process.once('SIGTERM', () => app.close())

console.log(await app.listen({ port: Number(process.env.PORT ?? 4000) }))
