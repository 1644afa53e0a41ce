import { describeLog } from '@millrace/log/conformance'
import { type CuttingProxy, cuttingProxy, type PostgresServer, postgresServer } from '@millrace/test-engines'
import { describeTrouble } from '@millrace/test-engines/trouble'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { PostgresLogOptions } from './options.ts'
import { type PostgresLog, postgresLog } from './postgres-log.ts'
import { copyTables } from './table-copies.fixture.ts'

let server: PostgresServer
let proxy: CuttingProxy
beforeAll(async () => {
  server = await postgresServer('fsync=off', 'max_connections=60')
  proxy = await cuttingProxy(Number(new URL(server.url).port))
})
afterAll(async () => {
  proxy.close()
  await server.remove()
})

let count = 0
const schemas = new WeakMap<PostgresLog, string>()

function open(options: Partial<PostgresLogOptions> = {}, schema = `log_${++count}`): PostgresLog {
  const log = postgresLog({ pollInterval: 20, connection: server.url, schema, ...options })
  schemas.set(log, schema)
  return log
}

const backUp = (schema: string) => copyTables(server.query, schema)

describeLog<PostgresLog>(
  'postgresLog',
  {
    open: async () => open(),
    openWith: async (wake) => open({ wake }),
    join: async (log) => open({}, schemas.get(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
    tags: true,
    backUp: async (log) => {
      const putBack = await backUp(schemas.get(log) ?? '')
      return async () => {
        await putBack()
        return log
      }
    },
    disturbances: {
      'Postgres is killed': async () => {
        await server.kill()
        return () => server.start()
      },
      'Postgres is frozen': async () => {
        server.freeze()
        return () => server.thaw()
      },
      'its connections are ended again and again': async () => {
        const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'millrace'`
        let running = Promise.resolve()
        const timer = setInterval(() => {
          running = server.query(end).then(
            () => {},
            () => {},
          )
        }, 50)
        return async () => {
          clearInterval(timer)
          await running
        }
      },
    },
    patience: 15_000,
    interleavings: 60,
  },
  { describe, it },
)

const schemaOf = (name: string) => name.replace('-', '_')

describeTrouble('postgresLog', {
  engine: 'postgres',
  server: () => server,
  proxy: () => proxy,
  open(name, way) {
    const { port } = way === 'proxied' ? proxy : new URL(server.url)
    const connection = {
      // It trusts everybody, whatever the password.
      connectionString: `postgres://millrace:geheim@127.0.0.1:${port}/postgres`,
      application_name: name,
    }
    return postgresLog({ connection, schema: schemaOf(name), pollInterval: 50 })
  },
  secrets: /geheim|127\.0\.0\.1/,
  mostConnections: 3,
  async connections(name) {
    const counted = `SELECT count(*)::integer AS number FROM pg_stat_activity WHERE application_name = '${name}'`
    const [row] = await server.query(counted)
    return Number(row?.number)
  },
  backUp: (name) => backUp(schemaOf(name)),
})
