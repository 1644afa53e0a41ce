import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { type ProxyName, proxyArguments, proxyProgram } from './proxy-program.ts'

/** How long a proxy may take to end when it is told to, in milliseconds: HAProxy waits for streams. */
const patience = 10_000

/** A proxy that was started. */
export interface RunningProxy {
  readonly port: number
  /** Ends it, and resolves when it is gone. */
  stop(): Promise<void>
}

/** Starts a proxy, and resolves when it listens. @param configure its configuration, for a port of 127.0.0.1 */
export async function startProxy(
  name: ProxyName,
  configure: (port: number) => string,
): Promise<RunningProxy> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'millrace-proxy-'))
  const file = join(folder, 'configuration')
  await writeFile(file, configure(port))
  const child = spawn(proxyProgram(name), proxyArguments[name](file, folder), {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Where Caddy keeps what it has.
    env: { ...process.env, HOME: folder },
  })
  let said = ''
  child.stderr.on('data', (data: Buffer) => {
    said = `${said}${data}`.slice(-4_000)
  })
  let ended: string | undefined
  const exited = new Promise<void>((resolve) => {
    const end = (why: string) => {
      ended = why
      resolve()
    }
    child.once('error', ({ message }) => end(message))
    child.once('exit', () => end(said))
  })
  async function stop(): Promise<void> {
    child.kill('SIGTERM')
    const impatience = setTimeout(() => child.kill('SIGKILL'), patience)
    await exited
    clearTimeout(impatience)
    await rm(folder, { recursive: true, force: true })
  }
  while (!(await accepts(port))) {
    if (ended !== undefined) {
      await rm(folder, { recursive: true, force: true })
      throw new Error(`${name} ended: ${ended}`)
    }
    await sleep(10)
  }
  return { port, stop }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
