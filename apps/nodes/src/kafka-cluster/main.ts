import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type ClusterTrialResult, runClusterTrial } from './trial.ts'

// `npm run test:kafka-cluster -- --leaders 10`, which is none of the tests of `npm test`, for it takes three brokers and minutes. Writes what came of it into docs/engines-in-trouble.md.

const file = fileURLToPath(new URL('../../../../docs/engines-in-trouble.md', import.meta.url))
const { values } = parseArgs({ options: { leaders: { type: 'string', default: '10' } } })

const result = await runClusterTrial(Number(values.leaders))
console.log(result)
const marked = /(?<=<!-- kafka cluster -->\n)[\s\S]*(?=\n<!-- end of kafka cluster -->)/
writeFileSync(
  file,
  readFileSync(file, 'utf8').replace(marked, () => listOf(result)),
)
process.exitCode = result.faults.length === 0 && result.told === result.published ? 0 : 1

// A list, since every row of a table there names the test that holds it.
function listOf(result: ClusterTrialResult): string {
  const { published, told, leadersKilled, longestPause, longestRefusal, healed, reads, faults } = result
  const refusals = Object.entries(result.refusals).map(([problem, count]) => `${count} \`${problem}\``)
  const lines = [
    ['leaders killed (SIGKILL), one after the other', `${leadersKilled}`],
    ['events published, and told to a subscriber behind a server once and in order', `${published}, ${told}`],
    ['reads that began after an event was acknowledged, by who had not heard of it', `${reads}`],
    ['publications refused meanwhile, which were repeated', refusals.join(', ') || 'none'],
    ['from the end of a leader until an event was acknowledged, at most', secondsOf(longestPause)],
    ['to refuse what is published while two of three are dead, at most', secondsOf(longestRefusal)],
    ['from when these are started again until an event is acknowledged', secondsOf(healed)],
    [
      'faults (lost, doubled, out of order, a reset, another epoch, a read that lacks what was acknowledged)',
      `${faults.length}`,
    ],
  ]
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}`
  return `
${day}, Node ${process.versions.node}, Kafka 4.1.0, all on ${machine}:

${lines.map(([what, figure]) => `- ${what}: ${figure}`).join('\n')}
`
}

function secondsOf(seconds: number): string {
  return `${seconds.toFixed(2)} s`
}
