import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@millrace/test-programs'

/** A pooler in front of a Postgres. */
export interface PgBouncer {
  /** Where the same database is reached through it. */
  readonly url: string
  remove(): Promise<void>
}

/** Where tests find the program: named, or on the path. */
const program = process.env.MILLRACE_PGBOUNCER || 'pgbouncer'

// PgBouncer does not run as root; nobody is this number on every Linux.
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/**
 * Starts a PgBouncer that gives a connection to a client for a transaction each.
 *
 * @param settings more of its configuration: `name = value`
 */
export async function pgBouncer(postgres: string, ...settings: string[]): Promise<PgBouncer> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-pgbouncer-'))
  const port = await freePort()
  const { hostname, port: target, username } = new URL(postgres)
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${target} user=${username}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    ...settings,
  ]
  const file = join(directory, 'pgbouncer.ini')
  await writeFile(file, lines.join('\n'))
  await chmod(directory, 0o755)
  const child = spawn(program, [file], { ...nobody, stdio: ['ignore', 'ignore', 'pipe'] })
  await untilReady(child)
  const url = new URL(postgres)
  url.port = `${port}`
  return {
    url: url.href,
    async remove() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      await rm(directory, { recursive: true })
    },
  }
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`PgBouncer ended:\n${output}`)))
    child.stderr?.on('data', (data: Buffer) => {
      output += data
      if (/process up/.test(output)) resolve()
    })
  })
}
