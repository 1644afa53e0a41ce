import { join } from 'node:path'
import { memoryLog } from '@millrace/log'
import { logs } from '@millrace/sample-contracts'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { openAccessLog } from './access-log.ts'
import { fileLabel } from './file-label.ts'
import { followFiles } from './follow-files.ts'
import { type FollowTarget, parseTarget, TargetError } from './follow-target.ts'
import type { FollowedEvent } from './followed-event.ts'
import { type Options, parseOptions, UsageError, usage } from './options.ts'
import { loadPage } from './page-files.ts'
import { explainListenError, serve } from './serve.ts'

/** Events that a page opened later still gets to see. */
const remembered = 50_000
/** How long open streams are given to end, in milliseconds. */
const drainTime = 1000

const app = join(import.meta.dirname, '../..')
const ownLog = join(app, '.data/access.log')

try {
  const options = parseOptions(process.argv.slice(2), process.env)
  if (options.help) process.stdout.write(usage)
  else await run(options)
} catch (error) {
  if (!(error instanceof UsageError || error instanceof TargetError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}

async function run(options: Options): Promise<void> {
  // `npm start` moves to the root of the workspace, and tells here where the person stood.
  const from = process.env.INIT_CWD ?? process.cwd()
  const ownLogOnly = options.files.length === 0
  const targets: FollowTarget[] = ownLogOnly
    ? [{ kind: 'file', path: ownLog }]
    : options.files.map((argument) => parseTarget(argument, from))

  const events = createEventServer({
    contract: logs,
    log: memoryLog({ maxRecords: remembered }),
    path: '/events',
  })
  const page = await loadPage(join(app, 'dist/page'))
  const accessLog = ownLogOnly ? await openAccessLog(ownLog, report) : undefined

  async function publish(path: string, followed: readonly FollowedEvent[]): Promise<void> {
    const topic = logs.files({ file: ownLogOnly ? 'access.log' : fileLabel(path, from) })
    // Begun in order and awaited together: the log keeps the order, and a burst costs one wait.
    await Promise.all(followed.map((event) => events.publish(topic, event.name, event.data)))
  }

  let served: Awaited<ReturnType<typeof serve>>
  try {
    served = await serve({
      host: options.host,
      port: options.port,
      events: toNodeListener(events),
      page,
      note: accessLog?.note,
    })
  } catch (error) {
    process.stderr.write(`${explainListenError(error, options.host, options.port)}\n`)
    await events.close({ drain: 0 })
    process.exitCode = 1
    return
  }

  const followed = await followFiles({ targets, publish, lines: options.lines, onError: report })
  const address = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${served.port}`
  process.stdout.write(greeting(address, ownLogOnly ? [ownLog] : options.files))

  let closing = false
  async function close(): Promise<void> {
    // Whoever asks twice is in a hurry.
    if (closing) process.exit(1)
    closing = true
    await followed.close()
    served.server.close()
    await events.close({ drain: drainTime })
    served.server.closeAllConnections()
    await accessLog?.flush()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close())
}

function report(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
}

function greeting(address: string, files: readonly string[]): string {
  const bold = (text: string) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text)
  return `
  ${bold('Live logs')}   ${address}

  following   ${files.join('\n              ')}
  as text     curl -N '${address}/events?topic=files/*&from=earliest'
  to stop     Ctrl+C

`
}
