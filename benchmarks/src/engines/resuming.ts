import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { channel, defineContract } from '@millrace/contract'
import type { Log } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { z } from 'zod'

const numbers = defineContract({
  name: 'numbers',
  version: '1.0.0',
  channels: { lines: channel('lines/{line}', { events: { said: z.object({ number: z.int() }) } }) },
})

const resumes = 2_000
const missed = 100
const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']

/** What it took until everybody had what they had missed. */
export interface Resuming {
  readonly seconds: number
  /** How often the log was read for them. */
  readonly reads: number
}

/** Lets 2,000 come back at once over 100 events each, to a server that has only begun, over sockets of the same process. */
export async function measureResuming(openLog: () => Log): Promise<Resuming> {
  const before = openLog()
  const first = createEventServer({ contract: numbers, log: before })
  const ids = new Map<string, string>()
  for (let number = 0; number <= missed; number += 1) {
    for (const line of lines) {
      const { id } = await first.publish(numbers.lines({ line }), 'said', { number })
      if (number === 0) ids.set(line, id)
    }
  }
  await first.close({ drain: 0 })
  await before.close()

  const log = openLog()
  let reads = 0
  const counted: Log = {
    append: (records) => log.append(records),
    read(after, limit) {
      reads += 1
      return log.read(after, limit)
    },
    bounds: () => log.bounds(),
    tail: (after, observer) => log.tail(after, observer),
    close: () => log.close(),
  }
  const events = createEventServer({
    contract: numbers,
    log: counted,
    limits: { connectsPerSecond: Infinity },
  })
  const server = createServer(toNodeListener(events)).listen({ port: 0, host: '127.0.0.1', backlog: resumes })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const began = performance.now()
  await Promise.all(
    Array.from({ length: resumes }, (_, index) => {
      const line = lines[index % lines.length] ?? ''
      return comeBack(port, line, ids.get(line) ?? '')
    }),
  )
  const seconds = (performance.now() - began) / 1_000
  await events.close({ drain: 0 })
  server.close()
  await log.close()
  return { seconds, reads }
}

/** Resolves when the last event has come. @throws Error where one is missing */
function comeBack(port: number, line: string, id: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.setEncoding('latin1')
    socket.write(`GET /events/lines/${line} HTTP/1.1\r\nhost: here\r\nlast-event-id: ${id}\r\n\r\n`)
    let text = ''
    socket.on('data', (chunk: string) => {
      text += chunk
      if (!text.includes(`{"number":${missed}}`)) return
      socket.destroy()
      const told = [...text.matchAll(/"number":(\d+)/g)].map(([, number]) => Number(number))
      if (told.every((number, index) => number === index + 1)) resolve()
      else reject(new Error(`${line} was told ${told}`))
    })
    socket.on('error', reject)
  })
}
