import type { Log } from '@millrace/log'
import { kafkaLog } from '@millrace/log-kafka'
import { natsLog } from '@millrace/log-nats'
import { postgresLog } from '@millrace/log-postgres'
import { redisLog } from '@millrace/log-redis'
import { kafkaServer, natsServer, postgresServer, redisServer } from '@millrace/test-engines'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { Producer } from '@platformatic/kafka'
import { createClient } from '@redis/client'
import { Pool } from 'pg'

/** An engine, with its own way to keep texts and the log on it: both as durable as it is set up to be. */
export interface Contenders {
  /** How the client of the engine is used. */
  readonly own: (texts: readonly string[]) => Promise<unknown>
  readonly openLog: (name: string) => Log
  remove(): Promise<void>
}

/** Each engine as it is without any setting, but for what a log needs. */
export const engines: Readonly<
  Record<string, { readonly client: string; readonly start: () => Promise<Contenders> }>
> = {
  Redis: {
    client:
      '`XADD` by `@redis/client`, which sends together what is asked for at once; `appendonly yes`, `appendfsync everysec`',
    async start() {
      const server = await redisServer()
      const client = await createClient({ url: server.url }).connect()
      return {
        own: (texts) =>
          Promise.all(texts.map((text) => client.sendCommand(['XADD', 'own', '*', 'data', text]))),
        openLog: (name) => redisLog({ connection: server.url, name }),
        async remove() {
          client.destroy()
          await server.remove()
        },
      }
    },
  },
  NATS: {
    client: '`js.publish` by `@nats-io/jetstream`, acknowledged; file storage',
    async start() {
      const server = await natsServer()
      const connection = await connect({ servers: server.url })
      const manager = await jetstreamManager(connection)
      await manager.streams.add({ name: 'own', subjects: ['own.>'] })
      const js = jetstream(connection)
      return {
        own: (texts) => Promise.all(texts.map((text) => js.publish('own.topic', text))),
        openLog: (name) => natsLog({ connection: server.url, name }),
        async remove() {
          await connection.close()
          await server.remove()
        },
      }
    },
  },
  Postgres: {
    client:
      '`INSERT` by `pg`, all rows of a call in one statement and transaction, of an id, a topic and the text, over a pool of ten connections; `synchronous_commit on`',
    async start() {
      const server = await postgresServer()
      const pool = new Pool({ connectionString: server.url, max: 10 })
      await pool.query('CREATE TABLE own (id bigserial PRIMARY KEY, topic text NOT NULL, data text NOT NULL)')
      return {
        own: (texts) =>
          pool.query("INSERT INTO own (topic, data) SELECT 'topic', unnest($1::text[])", [texts]),
        openLog: (name) => postgresLog({ connection: server.url, schema: name }),
        async remove() {
          await pool.end()
          await server.remove()
        },
      }
    },
  },
  Kafka: {
    client:
      'the idempotent `Producer` of `@platformatic/kafka`, `acks=all`, one `send` a call, of values without keys and headers',
    async start() {
      const server = await kafkaServer()
      await server.asAdmin((admin) => admin.createTopics({ topics: ['own'], partitions: 1, replicas: 1 }))
      const producer = new Producer({
        clientId: 'own',
        bootstrapBrokers: [server.broker],
        idempotent: true,
        acks: -1,
      })
      return {
        own: (texts) =>
          producer.send({
            messages: texts.map((text) => ({ topic: 'own', partition: 0, value: Buffer.from(text) })),
          }),
        openLog: (name) => kafkaLog({ connection: server.broker, name }),
        async remove() {
          await producer.close()
          await server.remove()
        },
      }
    },
  },
}
