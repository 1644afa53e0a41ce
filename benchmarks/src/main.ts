import { describeMachine, packageVersions } from './machine.ts'
import { readArguments, type SuiteOptions, usage } from './options.ts'
import { writeDocuments } from './report/documents.ts'
import { complaints, type Results, type ScenarioResult } from './results.ts'
import { readResults, writeResults } from './results-file.ts'
import { scenarios } from './scenarios/index.ts'
import { chosenScenarios, runScenario } from './suite.ts'

// `npm run bench`: measures, and writes down what was found.

const options = readArguments(process.argv.slice(2))
if (options === undefined) console.log(usage)
else if (options.report) report()
else await run(options)

async function run(options: SuiteOptions): Promise<void> {
  const measured: ScenarioResult[] = []
  for (const scenario of chosenScenarios(scenarios, options)) {
    measured.push(await runScenario(scenario, options))
    // Each as it comes, so that a run that is cut short is not lost.
    if (isKept(options)) {
      writeResults(merged(readResults(), measured))
      report()
    }
  }
  const faults = measured.flatMap(({ scenario, peers }) =>
    peers.flatMap(({ peer, checks }) => complaints(checks).map((fault) => `${scenario} ${peer}: ${fault}`)),
  )
  const count = measured.reduce((sum, { peers }) => sum + peers.length, 0)
  for (const fault of faults) console.error(fault)
  console.log(`\n${count} measurements, ${faults.length === 0 ? 'all sound' : `${faults.length} faults`}`)
  if (faults.length > 0) process.exitCode = 1
}

// Figures that stand beside each other must have been measured in the same way.
function isKept({ quick, peers, profiles }: SuiteOptions): boolean {
  return !quick && peers === undefined && profiles === undefined
}

function merged(before: Results | undefined, measured: readonly ScenarioResult[]): Results {
  const all = new Map([...(before?.scenarios ?? []), ...measured].map((result) => [result.scenario, result]))
  return {
    machine: describeMachine(),
    versions: packageVersions(),
    scenarios: scenarios.flatMap(({ name }) => all.get(name) ?? []),
  }
}

function report(): void {
  const results = readResults()
  if (results !== undefined) writeDocuments(results)
}
