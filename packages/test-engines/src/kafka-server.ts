import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '@millrace/test-programs'
import type { Admin } from '@platformatic/kafka'
import { type CuttingProxy, cuttingProxy } from './cutting-proxy.ts'
import { KafkaProcess } from './kafka-process.ts'

/** A broker that a test may kill, freeze and start again; its data outlives it. */
export interface KafkaServer {
  /** Where it listens. */
  readonly broker: string
  /** Where it listens behind a proxy that cuts connections. */
  readonly proxied: string
  /** Where it listens and wants a user and a password: `app` and `secret`. */
  readonly secured: string
  /** That proxy. */
  readonly proxy: CuttingProxy
  /** Asks something, as an operator would. */
  asAdmin<Value>(ask: (admin: Admin) => Promise<Value>): Promise<Value>
  kill(): Promise<void>
  start(): Promise<void>
  /** Remembers what is on its disk; what is resolved with kills it, puts that back and starts it again. */
  backUp(): Promise<() => Promise<void>>
  freeze(): void
  thaw(): void
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

/** Starts a broker of the test's own, which is its own controller (KRaft). */
export async function kafkaServer(): Promise<KafkaServer> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-kafka-'))
  const [port, controllerPort, behindProxy, securedPort] = await freePorts(4)
  const proxy = await cuttingProxy(behindProxy ?? 0)
  const broker = `127.0.0.1:${port}`
  const proxied = `127.0.0.1:${proxy.port}`
  const secured = `127.0.0.1:${securedPort}`

  const process = await KafkaProcess.prepare({
    directory,
    cluster: randomBytes(16).toString('base64url'),
    node: 1,
    broker,
    settings: {
      'process.roles': 'broker,controller',
      'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
      listeners: `DIRECT://${broker},PROXIED://127.0.0.1:${behindProxy},SECURED://${secured},CONTROLLER://127.0.0.1:${controllerPort}`,
      'advertised.listeners': `DIRECT://${broker},PROXIED://${proxied},SECURED://${secured}`,
      'listener.security.protocol.map':
        'DIRECT:PLAINTEXT,PROXIED:PLAINTEXT,SECURED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.secured.plain.sasl.jaas.config':
        'org.apache.kafka.common.security.plain.PlainLoginModule required user_app="secret";',
      'inter.broker.listener.name': 'DIRECT',
      'controller.listener.names': 'CONTROLLER',
      'offsets.topic.replication.factor': 1,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
    },
  })
  await process.start()
  return {
    broker,
    proxied,
    secured,
    start: () => process.start(),
    kill: () => process.kill(),
    asAdmin: (ask) => process.asAdmin(ask),
    proxy,
    freeze: () => process.freeze(),
    thaw: () => process.thaw(),
    async backUp() {
      const copy = `${directory}-copy`
      // As it would find it after it was killed at this moment.
      process.freeze()
      await cp(directory, copy, { recursive: true })
      process.thaw()
      return async () => {
        await process.kill()
        await rm(directory, { recursive: true })
        await cp(copy, directory, { recursive: true })
        await rm(copy, { recursive: true })
        await process.start()
      }
    },
    async remove() {
      await process.kill()
      proxy.close()
      await rm(directory, { recursive: true })
    },
  }
}
