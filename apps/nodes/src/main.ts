import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type EngineName, engines } from './engines.ts'
import type { ProxyName } from './proxy.ts'
import { runTrial, type TrialResult } from './trial.ts'

// `npm run test:nodes -- --seconds 60 --subscribers 300`: the long form of what `npm test` tries for a few seconds. Writes docs/reliability.md.

const file = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url))

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    subscribers: { type: 'string', default: '300' },
    rate: { type: 'string', default: '100' },
  },
})

const trials: readonly (readonly [engine: EngineName, proxy: ProxyName])[] = [
  ['Redis', 'nginx'],
  ['Redis', 'haproxy'],
  ['NATS', 'nginx'],
  ['Postgres', 'nginx'],
  ['Kafka', 'nginx'],
]

const rows: string[] = []
let isSound = true
for (const [engine, proxy] of trials) {
  const server = await engines[engine]()
  try {
    const plan = {
      subscribers: Number(values.subscribers),
      seconds: Number(values.seconds),
      rate: Number(values.rate),
      drain: 2_000,
    }
    const result = await runTrial({ logUrl: server.url, proxy, ...plan })
    console.log(engine, proxy, result)
    isSound &&=
      result.faults.length === 0 &&
      result.received === result.expected &&
      result.complete === plan.subscribers
    rows.push(rowOf(engine, proxy, result))
  } finally {
    await server.remove()
  }
}

writeFileSync(
  file,
  `# Reliability

Two servers on one engine behind a proxy. One after the other they are killed (SIGKILL), or let go (SIGTERM, which drains them), and started again, over and over, while events are published and subscribers are
cut off at random. Every subscriber reads one of eight lines of numbers from the beginning, and must be told each number once and in order. \`npm test\` tries it for some seconds; \`npm run test:nodes\` for longer, and
writes this page.

${values.subscribers} subscribers, ${values.rate} events a second for ${values.seconds} s. ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node} on ${cpus().length} × ${cpus()[0]?.model.trim()}, with everything on that one machine.

| engine | proxy | published | to be told | told | complete | killed | drained | cut off | faults | all told after |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}

A fault is an event that came twice, too early or not at all, a reset, or any error that a subscriber was told of. "All told after" is the time from the last event until everybody had everything.
`,
)
process.exitCode = isSound ? 0 : 1

function rowOf(engine: string, proxy: string, result: TrialResult): string {
  const { published, expected, received, complete, killed, drained, cuts, faults, settled } = result
  const figures = [published, expected, received, complete, killed, drained, cuts, faults.length]
  return `| ${engine} | ${proxy} | ${figures.map((figure) => figure.toLocaleString('en')).join(' | ')} | ${settled.toFixed(2)} s |`
}
