import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@millrace/test-programs'
import { freeze } from './freeze.ts'

/** A Redis that a test may kill, freeze and start again; its data outlives it. */
export interface RedisServer {
  readonly url: string
  /** Sends a command, as an operator would. */
  command(...words: string[]): Promise<unknown>
  kill(): Promise<void>
  start(): Promise<void>
  freeze(): void
  thaw(): void
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

/** Where tests find a server program: named, or on the path. */
const redisProgram = process.env.MILLRACE_REDIS_SERVER || 'redis-server'

/**
 * Starts a Redis of the test's own, which writes everything down: with `--appendfsync always` before it answers, else soon after where the disk is slow.
 *
 * @param settings more of its command line
 */
export async function redisServer(...settings: string[]): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const started = spawn(
      redisProgram,
      [
        '--port',
        `${port}`,
        '--bind',
        '127.0.0.1',
        '--dir',
        directory,
        '--save',
        '',
        '--appendonly',
        'yes',
        ...settings,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    child = started
    await new Promise<void>((resolve, reject) => {
      let output = ''
      started.on('error', reject)
      started.on('exit', () => reject(new Error(`${redisProgram} ended:\n${output}`)))
      started.stdout.on('data', (data: Buffer) => {
        output += data
        if (/Ready to accept connections/.test(output)) resolve()
      })
    })
  }

  async function kill(): Promise<void> {
    const dying = child
    child = undefined
    if (!dying || dying.exitCode !== null) return
    dying.kill('SIGKILL')
    await once(dying, 'exit')
  }

  await start()
  return {
    url,
    start,
    kill,
    freeze: () => freeze(child?.pid),
    thaw: () => child?.kill('SIGCONT'),
    async command(...words) {
      // Here, so that who tries another engine does not wait for this.
      const { createClient } = await import('@redis/client')
      const client = createClient({ url })
      client.on('error', () => {})
      await client.connect()
      try {
        return await client.sendCommand(words)
      } finally {
        client.destroy()
      }
    },
    async remove() {
      await kill()
      await rm(directory, { recursive: true })
    },
  }
}
