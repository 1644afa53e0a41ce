import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('node.ts', import.meta.url))

/** One server in a process of its own, which is started again on the same port. */
export class NodeProcess {
  readonly #port: number
  readonly #environment: Readonly<Record<string, string>>
  #child: ChildProcess | undefined

  constructor(port: number, environment: Readonly<Record<string, string>>) {
    this.#port = port
    this.#environment = environment
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const child = fork(script, [], {
      execArgv: ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'],
      env: { ...process.env, ...this.#environment, PORT: `${this.#port}` },
    })
    this.#child = child
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`The server ended with ${code} before it listened`)
      }),
    ])
  }

  /** Ends it without a warning (`SIGKILL`) or as a deployment does (`SIGTERM`), and resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
}
