import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type MemoryLog, memoryLog } from '@millrace/log'
import { onTestFinished } from 'vitest'
import { ManualClock } from './manual-clock.fixture.ts'
import { toNodeListener } from './node-listener.ts'
import type { EventServerOptions } from './options.ts'
import { createEventServer, type EventServer } from './server.ts'
import { shop } from './shop.fixture.ts'

type Given = Partial<EventServerOptions> & {
  /** Sees each response before the listener does. */
  readonly onResponse?: (response: ServerResponse) => void
}

/** An event server that listens on a port of its own until the test is over. */
export interface Served {
  readonly events: EventServer
  readonly log: MemoryLog
  readonly clock: ManualClock
  /** What `onError` was told. */
  readonly errors: unknown[]
  readonly server: Server
  readonly port: number
  /** The address of the streams with this query or rest of a path. */
  url(rest: string): string
  /** Publishes `placed` in order, and gives the ids. */
  place(orderId: string, ...totals: number[]): Promise<string[]>
}

/** An event server without any socket, for what does not need one. */
export function prepare(given: Given = {}) {
  const log = memoryLog({ epoch: 'e1' })
  const clock = new ManualClock()
  const errors: unknown[] = []
  const { onResponse: _, ...options } = given
  const events = createEventServer({
    contract: shop,
    log,
    clock,
    random: () => 0.5,
    onError: (error) => errors.push(error),
    ...options,
  })
  onTestFinished(async () => {
    const closing = events.close({ drain: 0 })
    clock.advance(0)
    await closing
  })
  const place = (orderId: string, ...totals: number[]) =>
    Promise.all(
      totals.map(async (total) => (await events.publish(shop.orders({ orderId }), 'placed', { total })).id),
    )
  return { events, log: (given.log ?? log) as MemoryLog, clock, errors, place }
}

export async function serve(given: Given = {}): Promise<Served> {
  const prepared = prepare(given)
  const listener = toNodeListener(prepared.events)
  const server = createServer((request, response) => {
    given.onResponse?.(response)
    listener(request, response)
  })
  const port = await listen(server)
  return { ...prepared, server, port, url: (rest) => `http://127.0.0.1:${port}/events${rest}` }
}

/** Listens on a free port of the loopback until the test is over. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
