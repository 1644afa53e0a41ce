import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { sqliteLog } from '@millrace/log-sqlite'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { lineOf, numbers } from './lines.fixture.ts'

// A process of its own: an event server on an SQLite file. It loads, waits for its parent's word, serves on the port that it is told (0 for
// any) and says which one that is. `POST /publish` publishes numbers of a line, each with its key, and answers with their ids. It lives
// until it is killed.

/** What the parent says. */
export interface Order {
  readonly file: string
  readonly port: number
}

/** What is posted. */
export interface Batch {
  readonly line: string
  /** First number. */
  readonly from: number
  readonly count: number
}

process.once('message', (order) => serve(order as Order))
// Whoever started it may be killed, too.
process.once('disconnect', () => process.exit())

function serve({ file, port }: Order): void {
  const events = createEventServer({ contract: numbers, log: sqliteLog({ file }), retry: 20 })
  const streams = toNodeListener(events)
  const server = createServer((request, response) => {
    if (request.url !== '/publish') return streams(request, response)
    publish(request).then(
      (ids) => response.end(JSON.stringify(ids)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })

  async function publish(request: IncomingMessage): Promise<readonly string[]> {
    const { line, from, count } = JSON.parse(await text(request)) as Batch
    const items = Array.from({ length: count }, (_, index) => ({
      topic: lineOf(line),
      name: 'said' as const,
      data: { number: from + index },
      key: `${line} ${from + index}`,
    }))
    // One after the other and all at once by turns: both ways have to survive.
    const published =
      from % 2 === 0
        ? await events.publishMany(items)
        : await Promise.all(
            items.map(({ topic, name, data, key }) => events.publish(topic, name, data, { key })),
          )
    return published.map(({ id }) => id)
  }

  // What was killed a moment ago may still hold the port.
  server.on('error', () => setTimeout(() => server.listen(port, '127.0.0.1'), 5))
  server.listen(port, '127.0.0.1')
  server.once('listening', () => process.send?.((server.address() as AddressInfo).port))
}
