import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@millrace/test-programs'
import { freeze } from './freeze.ts'

/** A Postgres that a test may kill, freeze and start again; its data outlives it. */
export interface PostgresServer {
  readonly url: string
  /** Runs a statement, as an operator would. */
  query(statement: string): Promise<readonly Record<string, unknown>[]>
  /** Ends it at once; its connections find out and end as well. */
  kill(): Promise<void>
  start(): Promise<void>
  freeze(): void
  thaw(): void
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

/** Where tests find the programs: named, or where Debian puts them, the newest first. */
function folderOfPrograms(): string {
  const { MILLRACE_POSTGRES_BIN } = process.env
  if (MILLRACE_POSTGRES_BIN) return MILLRACE_POSTGRES_BIN
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((one, other) => Number(other) - Number(one)) : []
  return versions[0] === undefined ? '' : join(root, versions[0], 'bin')
}

// Postgres does not run as root.
function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** Whether a process is there, and not only waiting for somebody to ask how it ended. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Starts a Postgres of the test's own. @param settings more of its configuration: `name=value` */
export async function postgresServer(...settings: string[]): Promise<PostgresServer> {
  const programs = folderOfPrograms()
  const user = owner()
  const directory = await mkdtemp(join(tmpdir(), 'millrace-postgres-'))
  if (user.uid !== undefined && user.gid !== undefined) await chown(directory, user.uid, user.gid)
  await chmod(directory, 0o700)
  const data = join(directory, 'data')
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'millrace', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    {
      ...user,
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const port = await freePort()
  const url = `postgres://millrace@127.0.0.1:${port}/postgres`
  let child: ChildProcess | undefined

  async function query(statement: string): Promise<readonly Record<string, unknown>[]> {
    // Here, so that who tries another engine does not wait for this.
    const { Client } = await import('pg')
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(statement)).rows
    } finally {
      await client.end()
    }
  }

  async function start(): Promise<void> {
    const all = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      `unix_socket_directories=${directory}`,
      ...settings,
    ]
    const started = spawn(
      join(programs, 'postgres'),
      ['-D', data, ...all.flatMap((setting) => ['-c', setting])],
      {
        ...user,
        cwd: directory,
        // A group of its own, so that its processes can be killed and frozen with it.
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    child = started
    let output = ''
    started.stderr.on('data', (chunk: Buffer) => {
      output += chunk
    })
    for (;;) {
      if (started.exitCode !== null) throw new Error(`Postgres ended:\n${output}`)
      try {
        await query('SELECT 1')
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }

  // Each connection has a process of its own, in a group of its own. The one that makes them comes first, so that none is made meanwhile.
  function all(): number[] {
    if (child?.pid === undefined) return []
    const processes = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
    const found = [...processes.matchAll(/(\d+) +(\d+)/g)]
    const children = found
      .filter(([, parent]) => Number(parent) === child?.pid)
      .map(([, , pid]) => Number(pid))
    return [child.pid, ...children]
  }

  // One may end in between, on its own.
  function attempt(act: () => void): void {
    try {
      act()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  async function kill(): Promise<void> {
    const dying = child
    if (dying === undefined) return
    // Its connections as well, which would go on for a moment otherwise.
    attempt(() => freeze(dying.pid))
    const processes = all()
    for (const pid of processes) attempt(() => process.kill(pid, 'SIGKILL'))
    child = undefined
    if (dying.exitCode === null && dying.signalCode === null) await once(dying, 'exit')
    while (processes.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  await start()
  return {
    url,
    query,
    start,
    kill,
    freeze() {
      attempt(() => freeze(child?.pid))
      for (const pid of all()) attempt(() => freeze(pid))
    },
    thaw() {
      for (const pid of all().reverse()) attempt(() => process.kill(pid, 'SIGCONT'))
    },
    async remove() {
      await kill()
      await rm(directory, { recursive: true, maxRetries: 10 })
    },
  }
}
