import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'

// Calls between the suite and its two processes, over the channel that Node gives a child.

/** What a process can be asked, by name. What is asked and answered is JSON. */
type Calls<Methods> = { readonly [Name in keyof Methods]: (argument: never) => unknown }

interface Question {
  readonly id: number
  readonly call: string
  readonly argument: unknown
}

type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string })

/** In the child: answers what the suite asks, until the suite is gone. */
export function answerCalls<Methods extends Calls<Methods>>(methods: Methods): void {
  process.on('message', async ({ id, call, argument }: Question) => {
    let reply: Reply
    try {
      const method = methods[call as keyof Methods] as (argument: never) => unknown
      // What was sent is what `Worker.call` let through.
      reply = { id, value: await method(argument as never) }
    } catch (error) {
      reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
    process.send?.(reply)
  })
  process.on('disconnect', () => process.exit(0))
}

/** In the suite: a process that answers calls. */
export interface Worker<Methods extends Calls<Methods>> {
  call<Name extends keyof Methods & string>(
    name: Name,
    ...argument: Parameters<Methods[Name]>
  ): Promise<Awaited<ReturnType<Methods[Name]>>>
  /** Ends the process, and resolves when it has. */
  stop(): Promise<void>
}

const taskset = ['/usr/bin/taskset', '/bin/taskset'].find((path) => existsSync(path))

/** Whether each process can be held on a core of its own. */
export const pinned = taskset !== undefined && availableParallelism() >= 2

/** Starts a module of this folder as a process. @param core which processor it runs on, where that can be said */
export function startWorker<Methods extends Calls<Methods>>(
  module: string,
  core: number,
  nodeOptions: readonly string[] = [],
): Worker<Methods> {
  const file = new URL(module, import.meta.url).pathname
  const command = [process.execPath, ...process.execArgv, ...nodeOptions, file]
  const [program = '', ...rest] = pinned ? [taskset as string, '-c', String(core), ...command] : command
  const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  // Some peers tell of every client that leaves. Only what a process said at its end matters.
  let lastWords = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2_000)
  })
  child.on('exit', (code) => {
    if (code !== 0 && code !== null) console.error(`${module} ended with ${code}: ${lastWords}`)
  })
  let asked = 0
  child.setMaxListeners(0)
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  return {
    call: (call, ...[argument]) => ask(child, { id: asked++, call, argument }) as never,
    async stop() {
      if (child.exitCode === null && child.connected) child.disconnect()
      await exited
    },
  }
}

function ask(child: ChildProcess, question: Question): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      child.off('message', answered)
      child.off('exit', ended)
    }
    const answered = (reply: Reply) => {
      if (reply.id !== question.id) return
      settle()
      if ('error' in reply) reject(new Error(`${question.call}: ${reply.error}`))
      else resolve(reply.value)
    }
    const ended = () => {
      settle()
      reject(new Error(`${question.call}: the process ended`))
    }
    child.on('message', answered as (message: unknown) => void)
    child.once('exit', ended)
    child.send(question)
  })
}
