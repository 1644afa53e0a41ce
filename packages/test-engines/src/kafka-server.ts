import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Admin } from '@platformatic/kafka'
import { type CuttingProxy, cuttingProxy } from './cutting-proxy.ts'
import { freeze } from './freeze.ts'

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

/** Where tests find the jars of Kafka. */
const jars = process.env.MILLRACE_KAFKA_JARS ?? ''

/** Starts a broker of the test's own, which is its own controller (KRaft). */
export async function kafkaServer(): Promise<KafkaServer> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-kafka-'))
  const [port, controllerPort, behindProxy, securedPort] = await freePorts(4)
  const proxy = await cuttingProxy(behindProxy ?? 0)
  const broker = `127.0.0.1:${port}`
  const proxied = `127.0.0.1:${proxy.port}`
  const secured = `127.0.0.1:${securedPort}`
  let child: ChildProcess | undefined

  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
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
    'log.dirs': directory,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'auto.create.topics.enable': false,
    'broker.heartbeat.interval.ms': 300,
    'broker.session.timeout.ms': 1_000,
    'log.retention.check.interval.ms': 300,
    'log.initial.task.delay.ms': 300,
    'log.segment.delete.delay.ms': 100,
  }
  const file = join(directory, 'server.properties')
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(file, lines.join(''))
  // What `kafka-storage format` would write, without a Java of its own.
  const cluster = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
  await writeFile(join(directory, 'meta.properties'), `version=1\ncluster.id=${cluster}\nnode.id=1\n`)

  async function start(): Promise<void> {
    const started = spawn(
      'java',
      // A small Java that starts quickly rather than one that runs fast for long.
      [
        '-Xmx256m',
        '-XX:TieredStopAtLevel=1',
        '-XX:+UseSerialGC',
        '-cp',
        join(jars, '*'),
        'kafka.Kafka',
        file,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    child = started
    let output = ''
    started.stderr.on('data', (data: Buffer) => {
      output = `${output}${data}`.slice(-4_000)
    })
    const ended = new Promise<never>((_, reject) => {
      started.on('error', reject)
      started.on('exit', () => reject(new Error(`Kafka ended:\n${output}`)))
    })
    ended.catch(() => {})
    await Promise.race([ended, untilReady()])
  }

  // It listens before it can be asked for topics.
  async function untilReady(): Promise<void> {
    for (;;) {
      try {
        await asAdmin((admin) => admin.listTopics())
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  async function kill(): Promise<void> {
    const dying = child
    child = undefined
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return
    dying.kill('SIGKILL')
    await once(dying, 'exit')
  }

  async function asAdmin<Value>(ask: (admin: Admin) => Promise<Value>): Promise<Value> {
    // Here, so that who tries another engine does not wait for this.
    const { Admin } = await import('@platformatic/kafka')
    const admin = new Admin({ clientId: 'operator', bootstrapBrokers: [broker], retries: 0, timeout: 5_000 })
    try {
      return await ask(admin)
    } finally {
      await admin.close()
    }
  }

  await start()
  return {
    broker,
    proxied,
    secured,
    start,
    kill,
    asAdmin,
    proxy,
    freeze: () => freeze(child?.pid),
    thaw: () => child?.kill('SIGCONT'),
    async backUp() {
      const copy = `${directory}-copy`
      // As it would find it after it was killed at this moment.
      freeze(child?.pid)
      await cp(directory, copy, { recursive: true })
      child?.kill('SIGCONT')
      return async () => {
        await kill()
        await rm(directory, { recursive: true })
        await cp(copy, directory, { recursive: true })
        await rm(copy, { recursive: true })
        await start()
      }
    },
    async remove() {
      await kill()
      proxy.close()
      await rm(directory, { recursive: true })
    },
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map(portOf)
  await Promise.all(
    servers.map(async (server) => {
      server.close()
      await once(server, 'close')
    }),
  )
  return ports
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
