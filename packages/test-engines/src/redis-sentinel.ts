import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@millrace/test-programs'

/** A Sentinel of a test's own, which alone decides that a master is down. */
export interface RedisSentinel {
  readonly port: number
  /** Resolves when it knows so many replicas, to which it can fail over. */
  untilReplicas(count: number): Promise<void>
  remove(): Promise<void>
}

/** Where tests find a server program, which is a Sentinel as well: named, or on the path. */
const redisProgram = process.env.MILLRACE_REDIS_SERVER || 'redis-server'

/** Starts a Sentinel for a master. @param name what clients ask for */
export async function redisSentinel(name: string, masterPort: number): Promise<RedisSentinel> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-sentinel-'))
  const port = await freePort()
  const configuration = join(directory, 'sentinel.conf')
  // It writes into its configuration what it has found.
  await writeFile(
    configuration,
    `port ${port}
bind 127.0.0.1
dir ${directory}
sentinel monitor ${name} 127.0.0.1 ${masterPort} 1
sentinel down-after-milliseconds ${name} 500
sentinel failover-timeout ${name} 1000
`,
  )
  const child: ChildProcess = spawn(redisProgram, [configuration, '--sentinel'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    let output = ''
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`${redisProgram} ended:\n${output}`)))
    child.stdout?.on('data', (data: Buffer) => {
      output += data
      if (/Sentinel ID is/.test(output)) resolve()
    })
  })
  const { createClient } = await import('@redis/client')
  return {
    port,
    async untilReplicas(count) {
      const client = createClient({ url: `redis://127.0.0.1:${port}` })
      client.on('error', () => {})
      await client.connect()
      try {
        const known = async () =>
          (await client.sendCommand(['SENTINEL', 'REPLICAS', name])) as unknown as unknown[]
        while ((await known()).length < count) await new Promise((resolve) => setTimeout(resolve, 20))
      } finally {
        client.destroy()
      }
    },
    async remove() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGKILL')
        await exited
      }
      await rm(directory, { recursive: true })
    },
  }
}
