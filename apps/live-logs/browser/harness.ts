import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const main = join(import.meta.dirname, '../dist/server/main.js')

/** The built server as a process of its own. */
export interface RunningServer {
  readonly url: string
  readonly port: number
  /** What it has printed. */
  output(): string
  /** Ends the process, and gives its exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts the built server in a folder, and waits until it says where it listens. */
export async function startServer(folder: string, args: readonly string[], port = 0): Promise<RunningServer> {
  const { INIT_CWD: _, ...environment } = process.env
  const child = spawn(
    process.execPath,
    [process.env.LIVE_LOGS_MAIN ?? main, ...args, '--port', String(port)],
    {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const take = (data: Buffer) => {
      output += data
      const found = /http:\/\/localhost:\d+/.exec(output)
      if (found !== null) resolve(found[0])
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
  return { url, port: Number(new URL(url).port), output: () => output, stop: (signal) => stop(child, signal) }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
  return child.exitCode
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.MILLRACE_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
