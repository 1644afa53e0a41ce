import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order } from './numbers-server.fixture.ts'

const script = fileURLToPath(new URL('numbers-server.fixture.ts', import.meta.url))

/** An event server in a process of its own. It is loaded from the beginning, and serves once it is told to. */
export class NumbersProcess {
  readonly #process: ChildProcess

  constructor() {
    const flags = ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning']
    this.#process = spawn(process.execPath, [...flags, script], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
  }

  /** Resolves with its port once it listens. */
  async serve(order: Order): Promise<number> {
    this.#process.send(order)
    const [port] = (await once(this.#process, 'message')) as [number]
    return port
  }

  /** Ends it without any warning, and resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exited
  }
}
