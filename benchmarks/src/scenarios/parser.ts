import { parsers } from '../parsers/names.ts'
import type { ParserMethods } from '../parsers/parser-process.ts'
import { startWorker } from '../process-calls.ts'
import { type ClientScenario, noFaults } from '../scenario.ts'

export const parser: ClientScenario<keyof typeof parsers> = {
  name: 'parser',
  subject: 'parser',
  title: 'Parsers: 200-byte events',
  text: 'CPU time for each event, bytes in and its data as text out, in chunks of 64 KB and of 1 KB. Events have an id, a name and data; those with further fields also the topic and the time that a Millrace server sends.',
  peers: ['eventsource-parser', 'millrace-parser', 'eventsource-parser-fields', 'millrace-parser-fields'],
  references: { large: 'eventsource-parser', small: 'eventsource-parser' },
  metrics: {
    large: { title: '64 KB', unit: 'ns', digits: 0 },
    small: { title: '1 KB', unit: 'ns', digits: 0 },
  },
  generatorCounts: false,
  rounds: 7,
  async measureClient(name, scale, profile) {
    const { wire } = parsers[name]
    const streams = Math.ceil(60 * scale.duration)
    const values: Record<string, number> = {}
    let missing = 0
    for (const [metric, chunk] of [
      ['large', 65_536],
      ['small', 1_024],
    ] as const) {
      const worker = startWorker<ParserMethods>('./parsers/parser-process.ts', 0)
      const file = profile?.(`${metric}-${name}`)
      try {
        const { cpu, wrong } = await worker.call('parse', {
          name,
          wire,
          chunk,
          streams,
          warmUp: Math.ceil(streams / 3),
          ...(file !== undefined && { profile: file }),
        })
        values[metric] = cpu
        missing += wrong
      } finally {
        await worker.stop()
      }
    }
    return { values, checks: { ...noFaults, missing } }
  },
}
