import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { drawScenario } from './draw-scenario.ts'
import { KeptTallies } from './kept-tallies.ts'
import { type Mutation, mutations } from './mutations.ts'
import { writeReport } from './report.ts'
import { runRange, type Tally } from './run-range.ts'
import type { Scenario } from './scenario.ts'
import { shrink } from './shrink.ts'
import { simulate } from './simulate.ts'

const usage = `npm run test:simulation [-- options]

  --scenarios <n>   how many; 1000000 by default
  --from <seed>     the first seed; 1 by default
  --seed <seed>     only this one, with all that happens in it, and made smaller if it fails
  --mutations       how many scenarios it takes to notice each of the faults that are put into the client on purpose
  --processes <n>   how many at once; one for each core by default
  --kept <file>     where each ten thousand are written down when they are done: a run that was ended goes on from there

A run of 50000 or more, and one of the mutations, is written to docs/simulation.md.`

const { values } = parseArgs({
  options: {
    scenarios: { type: 'string', default: '1000000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    mutations: { type: 'boolean', default: false },
    kept: { type: 'string' },
    processes: { type: 'string', default: String(availableParallelism()) },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

/** Scenarios of one process: what is left behind by so many shows in none of the others. */
const perProcess = 10_000
/** Within so many a mutation has to be noticed. */
const perMutation = 20_000

if (values.help) console.log(usage)
else if (process.send !== undefined) await work()
else if (values.seed !== undefined) await explain(Number(values.seed))
else if (values.mutations) await mutate()
else await runAll()

/** One of the processes: does what it is told to. */
async function work(): Promise<void> {
  const { from, scenarios, mostFailed } = JSON.parse(process.env.MILLRACE_RANGE ?? '') as Range
  const tally = await runRange(from, scenarios, mostFailed)
  process.send?.(tally)
  // Whoever started it may have gone.
  if (process.connected) process.disconnect()
}

async function explain(seed: number): Promise<void> {
  const scenario = drawScenario(seed)
  const { fault } = await simulate(scenario)
  if (fault === undefined) return print(scenario)
  console.log(`${fault}\n\nMade smaller:\n`)
  await print(await shrink(scenario, fault))
  process.exitCode = 1
}

async function print(scenario: Scenario): Promise<void> {
  console.log(JSON.stringify(scenario, undefined, 2))
  const { trace } = await simulate(scenario, true)
  console.log(`\n${trace.join('\n')}`)
}

async function runAll(): Promise<void> {
  const scenarios = Number(values.scenarios)
  const first = Number(values.from)
  const kept = new KeptTallies(values.kept)
  const ranges: Range[] = []
  for (let from = first; from < first + scenarios; from += perProcess) {
    ranges.push({ from, scenarios: Math.min(perProcess, first + scenarios - from), mostFailed: 10 })
  }
  const tallies: Tally[] = ranges.flatMap(({ from }) => kept.of(from) ?? [])
  let done = tallies.reduce((sum, tally) => sum + tally.scenarios, 0)
  const open = ranges.filter(({ from }) => kept.of(from) === undefined)
  await inProcesses(open, async (range) => {
    const tally = await inProcess(range)
    kept.add(range.from, tally)
    tallies.push(tally)
    for (const { seed, fault } of tally.failed) console.log(`seed ${seed}: ${fault}`)
    done += tally.scenarios
    console.log(`${done} of ${scenarios}`)
  })
  const failed = tallies.flatMap((tally) => tally.failed)
  const seconds = tallies.reduce((sum, tally) => sum + tally.seconds, 0)
  // A few more in between are no result.
  if (scenarios >= 50_000) writeReport({ kind: 'scenarios', first, tallies })
  console.log(
    `${done - failed.length} passed, ${failed.length} failed, in ${Math.round(seconds)} s of processor time`,
  )
  if (failed.length > 0) {
    console.log(`See one: npm run test:simulation -- --seed ${failed[0]?.seed}`)
    process.exitCode = 1
  }
}

async function mutate(): Promise<void> {
  const found = new Map<string, Tally>()
  await inProcesses(mutations, async ({ name }) => {
    // One of which the process dies must not take the others' results with it.
    const tally = await inProcess({ from: 1, scenarios: perMutation, mostFailed: 1 }, name).catch(String)
    if (typeof tally === 'string') {
      console.log(`${name}: ${tally}`)
      return
    }
    found.set(name, tally)
    const [failed] = tally.failed
    console.log(`${name}: ${failed === undefined ? 'NOT NOTICED' : `${failed.seed}: ${failed.fault}`}`)
  })
  writeReport({ kind: 'mutations', found, perMutation })
  const isNoticed = ({ name }: Mutation) => (found.get(name)?.failed.length ?? 0) > 0
  if (!mutations.every(isNoticed)) process.exitCode = 1
}

interface Range {
  readonly from: number
  readonly scenarios: number
  readonly mostFailed: number
}

async function inProcesses<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items]
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item)
  }
  await Promise.all(Array.from({ length: Number(values.processes) }, work))
}

function inProcess(range: Range, mutation?: string): Promise<Tally> {
  const mutate = fileURLToPath(new URL('./mutate.ts', import.meta.url))
  const child = fork(fileURLToPath(import.meta.url), {
    execArgv: [...process.execArgv, ...(mutation === undefined ? [] : [`--import=${mutate}`])],
    env: {
      ...process.env,
      MILLRACE_RANGE: JSON.stringify(range),
      ...(mutation !== undefined && { MILLRACE_MUTATION: mutation }),
    },
  })
  return new Promise((resolve, reject) => {
    child.once('message', (tally) => resolve(tally as Tally))
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`A process ended with ${code}`)))
  })
}
