import { startWorker } from '../process-calls.ts'
import { readers } from '../readers/names.ts'
import type { ReaderMethods } from '../readers/reader-process.ts'
import type { SourceMethods } from '../readers/source-process.ts'
import { type ClientScenario, noFaults } from '../scenario.ts'

export const clients: ClientScenario<keyof typeof readers> = {
  name: 'clients',
  subject: 'client',
  title: 'Clients: 200-byte events as fast as they are read',
  text: 'CPU time of the client for each event that it hands over with its data read as JSON, from the socket on. Each is sent what its own server would send, in writes of 64 KB and of 1 KB. Millrace by its address alone is before schema work; decoded by the contract it also checks the data with Zod.',
  peers: [
    'bare-fetch',
    'bare-fetch-plain',
    'millrace-client',
    'millrace-iterator',
    'millrace-decoded',
    'eventsource-client',
    'eventsource',
    'trpc-client',
    'orpc-client',
    'graphql-sse',
  ],
  references: { large: 'bare-fetch', small: 'bare-fetch' },
  metrics: {
    large: { title: '64 KB', unit: 'µs', digits: 2 },
    small: { title: '1 KB', unit: 'µs', digits: 2 },
  },
  generatorCounts: false,
  rounds: 5,
  async measureClient(name, scale, profile) {
    const { wire } = readers[name]
    const events = Math.ceil(800_000 * scale.duration)
    const values: Record<string, number> = {}
    let disordered = 0
    for (const [metric, chunk] of [
      ['large', 65_536],
      ['small', 1_024],
    ] as const) {
      const source = startWorker<SourceMethods>('./readers/source-process.ts', 1)
      const reader = startWorker<ReaderMethods>('./readers/reader-process.ts', 0)
      const file = profile?.(`${metric}-${name}`)
      try {
        const port = await source.call('serve', { wire, events, chunk })
        const reading = await reader.call('read', {
          name,
          url: `http://127.0.0.1:${port}`,
          warmUp: Math.ceil(events / 4),
          events,
          ...(file !== undefined && { profile: file }),
        })
        values[metric] = reading.cpu
        disordered += reading.disordered
      } finally {
        await Promise.all([reader.stop(), source.stop()])
      }
    }
    return { values, checks: { ...noFaults, disordered } }
  },
}
