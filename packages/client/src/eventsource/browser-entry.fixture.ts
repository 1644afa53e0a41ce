import { EventSource } from '../eventsource.ts'
import { Lab, runCase, standardCases, type Trace, trace } from './standard-cases.fixture.ts'

// What is loaded into pages and workers. A worker has no `evaluate`, so it takes calls as messages.

type Servers = Readonly<Record<'origin' | 'otherOrigin', string>>
type Source = 'ours' | 'native'

const sources = { ours: EventSource, native: globalThis.EventSource }

/** What a test calls in a page. */
export interface BrowserLab {
  readonly EventSource: typeof EventSource
  /** Runs every case, and answers what was wrong, by its index. */
  runCases(source: Source, servers: Servers): Promise<Record<number, string>>
  /** What a source says of a stream until it is back on its second connection. */
  traceOf(source: Source, url: string, types: readonly string[]): Promise<Trace[]>
}

const lab: BrowserLab = {
  EventSource,
  async runCases(source, servers) {
    const faults: Record<number, string> = {}
    const waiting = [...standardCases.entries()]
    const run = async (): Promise<void> => {
      for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
        const [index, standardCase] = entry
        const late = new Promise<never>((_, reject) => {
          setTimeout(() => reject(new Error('It does not end')), 60_000)
        })
        try {
          await Promise.race([late, runCase(standardCase, { EventSource: sources[source], ...servers })])
        } catch (error) {
          faults[index] = String(error)
        }
      }
    }
    // A browser holds six connections to a server at most, and a case may need two.
    await Promise.all([run(), run(), run()])
    return faults
  },
  async traceOf(source, url, types) {
    const opened = new Lab({ EventSource: sources[source], origin: '', otherOrigin: '' })
    try {
      return await trace(
        opened.open(url),
        [...types, 'open', 'message', 'error'],
        (event) => event.type === 'back',
      )
    } finally {
      opened.close()
    }
  },
}

Object.assign(globalThis, { lab })

interface Port {
  onmessage: ((event: MessageEvent<[Source, Servers]>) => void) | null
  postMessage(message: unknown): void
}

function serve(port: Port): void {
  port.onmessage = async ({ data: [source, servers] }) => {
    port.postMessage(await lab.runCases(source, servers))
  }
}

if (!('document' in globalThis)) {
  if ('onconnect' in globalThis) {
    Object.assign(globalThis, { onconnect: ({ ports }: MessageEvent) => serve(ports[0] as MessagePort) })
  } else {
    serve(globalThis as unknown as Port)
  }
}
