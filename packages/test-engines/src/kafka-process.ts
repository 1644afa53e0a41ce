import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Admin } from '@platformatic/kafka'
import { freeze } from './freeze.ts'

/** Where tests find the jars of Kafka. */
const jars = process.env.MILLRACE_KAFKA_JARS ?? ''

/** Settings that all brokers of tests have: they notice in a second what takes others ten, and forget at once. */
const haste = {
  'auto.create.topics.enable': false,
  'broker.heartbeat.interval.ms': 300,
  'broker.session.timeout.ms': 1_000,
  'log.retention.check.interval.ms': 300,
  'log.initial.task.delay.ms': 300,
  'log.segment.delete.delay.ms': 100,
}

/** What a broker is given. */
export interface KafkaProcessOptions {
  /** Where its data is. */
  readonly directory: string
  /** Which cluster it belongs to, as Kafka writes it. */
  readonly cluster: string
  /** Its number in there. */
  readonly node: number
  /** Where it listens for operators. */
  readonly broker: string
  readonly settings: Readonly<Record<string, string | number | boolean>>
}

/** A broker as a process, which ends and starts again on the same data. */
export class KafkaProcess {
  readonly #directory: string
  readonly #broker: string
  #child: ChildProcess | undefined

  private constructor({ directory, broker }: KafkaProcessOptions) {
    this.#directory = directory
    this.#broker = broker
  }

  /** Sets its data up; it is not started. */
  static async prepare(options: KafkaProcessOptions): Promise<KafkaProcess> {
    const { directory, cluster, node } = options
    const settings = { ...haste, 'node.id': node, 'log.dirs': directory, ...options.settings }
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
    await writeFile(join(directory, 'server.properties'), lines.join(''))
    // What `kafka-storage format` would write, without a Java of its own.
    await writeFile(join(directory, 'meta.properties'), `version=1\ncluster.id=${cluster}\nnode.id=${node}\n`)
    return new KafkaProcess(options)
  }

  /** Resolves when it can be asked. */
  async start(): Promise<void> {
    const file = join(this.#directory, 'server.properties')
    // A small Java that starts quickly rather than one that runs fast for long.
    const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', join(jars, '*')]
    const started = spawn('java', [...flags, 'kafka.Kafka', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = started
    let output = ''
    started.stderr.on('data', (data: Buffer) => {
      output = `${output}${data}`.slice(-4_000)
    })
    const over = new AbortController()
    const ended = new Promise<never>((_, reject) => {
      started.on('error', reject)
      started.on('exit', () => reject(new Error(`Kafka ended:\n${output}`)))
    })
    ended.catch(() => over.abort())
    await Promise.race([ended, this.#untilReady(over.signal)])
  }

  async kill(): Promise<void> {
    const dying = this.#child
    this.#child = undefined
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return
    dying.kill('SIGKILL')
    await once(dying, 'exit')
  }

  freeze(): void {
    freeze(this.#child?.pid)
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Asks something, as an operator would. */
  async asAdmin<Value>(ask: (admin: Admin) => Promise<Value>): Promise<Value> {
    // Here, so that who tries another engine does not wait for this.
    const { Admin } = await import('@platformatic/kafka')
    const bootstrapBrokers = [this.#broker]
    const admin = new Admin({ clientId: 'operator', bootstrapBrokers, retries: 0, timeout: 5_000 })
    try {
      return await ask(admin)
    } finally {
      await admin.close()
    }
  }

  // It listens before it can be asked for topics.
  async #untilReady(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        await this.asAdmin((admin) => admin.listTopics())
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }
}
