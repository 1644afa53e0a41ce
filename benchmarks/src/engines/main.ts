import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { describeMachine, processorModel } from '../machine.ts'
import { resultsText } from '../results-file.ts'
import { engines } from './contenders.ts'
import { type EngineResult, pageOf } from './page.ts'
import { manners, measurePublishing } from './publishing.ts'
import { measureResuming } from './resuming.ts'

// `npm run bench:engines`: what publishing through a log costs beside its engine, and how fast all come back. Writes docs/engine-benchmarks.md.

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  options: { only: { type: 'string' }, rounds: { type: 'string', default: '5' } },
})
const wanted = values.only?.split(',') ?? Object.keys(engines)
const file = new URL('../../engine-results.json', import.meta.url)
const page = new URL('../../../docs/engine-benchmarks.md', import.meta.url)
const results: Record<string, EngineResult> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

for (const name of wanted) {
  // What others had to do meanwhile falls upon all figures.
  const load = loadavg()[0] ?? 0
  const engine = engines[name]
  if (engine === undefined)
    throw new TypeError(`There is no engine ${name}: ${Object.keys(engines).join(', ')}`)
  const contenders = await engine.start()
  try {
    const publishing: EngineResult['publishing'] = {}
    for (const [index, manner] of manners.entries()) {
      const rates = await measurePublishing(contenders, manner, `log_${index}`, Number(values.rounds))
      console.log(name, manner.title, rates)
      publishing[manner.title] = rates
    }
    const resuming = await measureResuming(() => contenders.openLog('resuming'))
    console.log(name, 'resuming', resuming)
    const { cores, node } = describeMachine()
    const machine = `Node ${node}, ${cores} × ${processorModel()}, with a load of ${load.toFixed(1)} when it began`
    results[name] = { date: new Date().toISOString().slice(0, 10), machine, publishing, resuming }
    // Each as it comes, so that a run that is cut short is not lost.
    writeFileSync(file, resultsText(results))
    writeFileSync(page, pageOf(results))
  } finally {
    await contenders.remove()
  }
}
// What the clients hold open is of no more use.
process.exit()
