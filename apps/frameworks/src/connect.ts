import http from 'node:http'
import { toNodeListener } from '@millrace/server/node'
import compression from 'compression'
import connect from 'connect'
import { app } from './app.ts'
import { events } from './events.ts'

const middleware = connect()
// Lets streams pass: their `cache-control` says `no-transform`, which it obeys.
middleware.use(compression({ threshold: 0 }) as connect.NextHandleFunction)
// Other paths go on to what follows.
middleware.use(toNodeListener(events))
middleware.use(app)

const server = http.createServer(middleware)
server.listen(Number(process.env.PORT ?? 4000), () => console.log(server.address()))

process.once('SIGTERM', async () => {
  await events.close({ drain: 5_000 })
  server.close()
})
