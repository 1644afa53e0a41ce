import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A process that serves. */
export interface Running {
  readonly port: number
  /** All that it has printed so far. */
  readonly output: string
  /** Asks it to end, and resolves with its exit code, or with the signal where it had none. */
  stop(): Promise<number | NodeJS.Signals | null>
}

interface Starting {
  readonly environment?: Readonly<Record<string, string>>
  readonly directory?: string
}

const children = new Set<ChildProcess>()

/** Starts a server on a port that the system chooses, and resolves once it has printed that. */
export async function start(
  command: string,
  parameters: readonly string[],
  { environment = {}, directory = import.meta.dirname }: Starting = {},
): Promise<Running> {
  const child = run(command, parameters, { environment: { PORT: '0', ...environment }, directory })
  const ended = once(child, 'exit')
  let output = ''
  const port = await new Promise<number>((resolve, reject) => {
    const look = (data: Buffer) => {
      output += data
      // In a URL, in what Node prints of an address, or in JSON.
      const found = output.match(/(?:\/\/[^/\s]+:|\bport"?: ?)(\d+)\b/)
      if (found !== null) resolve(Number(found[1]))
    }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
    void ended.then(() => reject(new Error(`${command} ended before it served:\n${output}`)), reject)
  })
  return {
    port,
    get output() {
      return output
    },
    async stop() {
      child.kill('SIGTERM')
      const [code, signal] = await ended
      return code ?? signal
    },
  }
}

/** Runs a program to its end. Rejects with what it has printed where that is not a good one. */
export async function runToEnd(
  command: string,
  parameters: readonly string[],
  options: Starting,
): Promise<void> {
  const child = run(command, parameters, options)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      output += data
    })
  }
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output}`)
}

/** Ends whatever still runs. */
export async function killAll(): Promise<void> {
  await Promise.all(
    [...children].map(async (child) => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }),
  )
}

function run(
  command: string,
  parameters: readonly string[],
  { environment, directory }: Starting,
): ChildProcess {
  const child = spawn(command, parameters, {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}
