import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@millrace/test-programs'
import type { JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { freeze } from './freeze.ts'

/** A NATS server that a test may kill, freeze, start again and put back; its data outlives it. */
export interface NatsServer {
  readonly url: string
  /** Does something to it, as an operator would. */
  operate<Value>(
    act: (manager: JetStreamManager, connection: NatsConnection) => Promise<Value>,
  ): Promise<Value>
  /** How many connections it has of a client's name. */
  connections(name: string): Promise<number>
  kill(): Promise<void>
  start(): Promise<void>
  freeze(): void
  thaw(): void
  /** Copies its data while it is stopped. Resolves with what puts that back, likewise. */
  backUp(): Promise<() => Promise<void>>
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

/** Where tests find a server program: named, or on the path. */
const natsProgram = process.env.MILLRACE_NATS_SERVER || 'nats-server'

/**
 * Starts a server of the test's own.
 *
 * @param settings more of its configuration
 * @param user for the operator, as `name:password`
 * @param storage more of its `jetstream` block
 */
export async function natsServer(settings = '', user = '', storage = ''): Promise<NatsServer> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-nats-'))
  const port = await freePort()
  const monitor = await freePort()
  const url = `nats://127.0.0.1:${port}`
  const store = join(directory, 'store')
  const configuration = join(directory, 'server.conf')
  await writeFile(
    configuration,
    `host: "127.0.0.1"\nport: ${port}\nhttp: "127.0.0.1:${monitor}"\njetstream {\nstore_dir: "${store}"\n${storage}\n}\n${settings}\n`,
  )
  let child: ChildProcess | undefined
  let copies = 0

  async function start(): Promise<void> {
    const started = spawn(natsProgram, ['--config', configuration], { stdio: ['ignore', 'inherit', 'pipe'] })
    child = started
    await new Promise<void>((resolve, reject) => {
      let output = ''
      started.on('error', reject)
      started.on('exit', () => reject(new Error(`${natsProgram} ended:\n${output}`)))
      started.stderr.on('data', (data: Buffer) => {
        output += data
        if (/Server is ready/.test(output)) resolve()
      })
    })
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const dying = child
    child = undefined
    if (!dying || dying.exitCode !== null) return
    const exit = once(dying, 'exit')
    dying.kill(signal)
    await exit
  }

  await start()
  return {
    url,
    start,
    kill: () => end('SIGKILL'),
    freeze: () => freeze(child?.pid),
    thaw: () => child?.kill('SIGCONT'),
    async connections(name) {
      const answer = await fetch(`http://127.0.0.1:${monitor}/connz?limit=10000`)
      const { connections } = (await answer.json()) as { connections: readonly { name?: string }[] }
      return connections.filter((connection) => connection.name === name).length
    },
    async operate(act) {
      // Here, so that who tries another engine does not wait for this.
      const [{ connect }, { jetstreamManager }] = await Promise.all([
        import('@nats-io/transport-node'),
        import('@nats-io/jetstream'),
      ])
      const [name, pass] = user.split(':')
      const connection = await connect({ servers: url, ...(name && pass && { user: name, pass }) })
      try {
        return await act(await jetstreamManager(connection, { checkAPI: false }), connection)
      } finally {
        await connection.close()
      }
    },
    async backUp() {
      copies += 1
      const copy = join(directory, `copy-${copies}`)
      await end('SIGTERM')
      await cp(store, copy, { recursive: true })
      await start()
      return async () => {
        await end('SIGTERM')
        await rm(store, { recursive: true })
        await cp(copy, store, { recursive: true })
        await start()
      }
    },
    async remove() {
      await end('SIGKILL')
      await rm(directory, { recursive: true })
    },
  }
}
