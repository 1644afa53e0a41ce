import { Client } from 'pg'
import { inTime } from './database.ts'
import { translate } from './errors.ts'
import type { PostgresConnectionOptions } from './options.ts'

/** How often the connection is asked whether it is alive, in milliseconds: one that died without a word brings no news, for ever. */
const probeInterval = 2_000

/** How long to wait after a failure, in milliseconds. */
const failureDelay = 200

interface ListenerOptions {
  readonly connection: PostgresConnectionOptions
  readonly channel: string
  /** How long Postgres may take to answer, in milliseconds. */
  readonly timeout: number
  /** Told when it has begun to listen, also after a while in which it did not. */
  readonly listening: () => void
  /** Told of each notification. */
  readonly notified: (payload: string) => void
  readonly failed: (error: unknown) => void
}

/** Listens on a connection of its own, and on the next one where that fails, until what it returns is called. */
export function listen({
  connection,
  channel,
  timeout,
  listening,
  notified,
  failed,
}: ListenerOptions): () => void {
  let stopped = false
  let current: Client | undefined
  let endWait: (() => void) | undefined

  async function run(): Promise<void> {
    while (!stopped) {
      const client = new Client({
        application_name: 'millrace',
        connectionTimeoutMillis: 2_000,
        keepAlive: true,
        ...connection,
      })
      current = client
      const broken = new Promise<unknown>((resolve) => {
        client.on('error', resolve)
        client.on('end', () => resolve(new Error('The connection ended')))
      })
      try {
        client.on('notification', ({ payload = '' }) => notified(payload))
        await inTime(client.connect(), timeout)
        await inTime(client.query(`LISTEN ${channel}`), timeout)
        listening()
        await untilBroken(client, broken)
      } catch (error) {
        if (!stopped) failed(translate(error))
      }
      end(client)
      if (!stopped) await wait(failureDelay)
    }
  }

  async function untilBroken(client: Client, broken: Promise<unknown>): Promise<never> {
    let fault: { readonly error: unknown } | undefined
    void broken.then((error) => {
      fault = { error }
      endWait?.()
    })
    for (;;) {
      await wait(probeInterval)
      if (fault) throw fault.error
      await inTime(client.query('SELECT 1'), timeout)
    }
  }

  function wait(delay: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delay)
      endWait = () => {
        clearTimeout(timer)
        resolve()
      }
      if (stopped) endWait()
    })
  }

  void run()
  return () => {
    stopped = true
    endWait?.()
    if (current) end(current)
  }
}

function end(client: Client): void {
  // Also one that is frozen: nobody waits for its good-bye.
  client.end().catch(() => {})
  const { stream } = (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } })
    .connection
  stream.destroy()
}
