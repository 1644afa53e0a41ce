import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Log, memoryLog } from '@millrace/log'
import { sqliteLog } from '@millrace/log-sqlite'
import { createEventServer, type EventServer, type EventServerOptions } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { onTestFinished } from 'vitest'
import { lineOf, numbers } from './lines.fixture.ts'

/** What a test does to a log beside using it. */
export interface TestLog extends Log {
  trim(keepFrom: number): void | Promise<void>
  restart(): void | Promise<void>
}

/** Every kind of log, each made empty and closed when the test is over. */
export const logs: readonly { readonly kind: string; readonly open: () => TestLog }[] = [
  { kind: 'in memory', open: () => closing(memoryLog()) },
  { kind: 'in an SQLite file', open: () => openFile(temporaryFile()) },
]

/** A file that is removed when the test is over. */
export function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-system-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'events.db')
}

export function openFile(file: string): TestLog {
  return closing(sqliteLog({ file }))
}

function closing<Kind extends TestLog>(log: Kind): Kind {
  onTestFinished(() => log.close())
  return log
}

/** An event server that listens on a port of its own until the test is over. */
export interface Served {
  readonly events: EventServer
  readonly server: Server
  /** The address of the streams with this query. */
  url(query: string): string
  /** Publishes the numbers of a line from the next one on, and gives their ids. */
  say(line: string, count: number, filler?: string): Promise<string[]>
}

export async function serveNumbers(log: Log, options: Partial<EventServerOptions> = {}): Promise<Served> {
  const events = createEventServer({ contract: numbers, log, retry: 20, ...options })
  const server = createServer(toNodeListener(events))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  onTestFinished(async () => {
    await events.close({ drain: 0 })
    server.closeAllConnections()
    server.close()
  })
  const said = new Map<string, number>()
  return {
    events,
    server,
    url: (query) => `http://127.0.0.1:${port}/events${query}`,
    say(line, count, filler) {
      const before = said.get(line) ?? 0
      said.set(line, before + count)
      const data = Array.from({ length: count }, (_, index) => ({
        number: before + index + 1,
        ...(filler === undefined ? {} : { filler }),
      }))
      return Promise.all(data.map(async (each) => (await events.publish(lineOf(line), 'said', each)).id))
    },
  }
}
