import { parseArgs } from 'node:util'
import { type CandidateName, candidates } from './candidates.ts'
import { scenarios } from './scenarios/index.ts'

/** What a run was asked for. */
export interface SuiteOptions {
  /** Names of scenarios; all when absent. */
  readonly only: readonly string[] | undefined
  /** All that a scenario has when absent. */
  readonly peers: readonly CandidateName[] | undefined
  /** Rounds of each scenario; its own number when absent. */
  readonly rounds: number | undefined
  /** Whether everything is small: a smoke test, whose figures mean nothing. */
  readonly quick: boolean
  /** Whether to measure nothing and write the documents anew from the last results. */
  readonly report: boolean
  /** Where to put CPU profiles of each window. */
  readonly profiles: string | undefined
  readonly soakMinutes: number
}

export const usage = `npm run bench [-- options]

  --only a,b          only these scenarios: ${scenarios.map(({ name }) => name).join(', ')}
  --peers a,b         only these peers: ${Object.keys(candidates).join(', ')}
  --rounds n          measurements of each peer
  --soak-minutes n    length of the soak; 1 by default
  --profile folder    puts a CPU profile of each measured window there
  --quick             a smoke test of a few seconds
  --report            measures nothing, and writes the documents from the last results

A run writes benchmarks/results.json, docs/benchmarks.md and docs/images/benchmarks.svg, where the scenarios that were not run keep
their older figures. With --peers, --profile or --quick nothing is written.`

/** @throws TypeError for what cannot be asked */
export function readArguments(args: readonly string[]): SuiteOptions | undefined {
  const { values } = parseArgs({
    // pnpm hands its own separator on.
    args: args.filter((arg) => arg !== '--'),
    options: {
      only: { type: 'string' },
      peers: { type: 'string' },
      rounds: { type: 'string' },
      'soak-minutes': { type: 'string', default: '1' },
      profile: { type: 'string' },
      quick: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const only = values.only?.split(',')
  for (const name of only ?? []) {
    if (!scenarios.some((scenario) => scenario.name === name))
      throw new TypeError(`There is no scenario ${name}`)
  }
  const wanted = values.peers?.split(',')
  for (const name of wanted ?? []) if (!(name in candidates)) throw new TypeError(`There is no peer ${name}`)
  return {
    only,
    peers: wanted as readonly CandidateName[] | undefined,
    rounds: values.rounds === undefined ? undefined : wholeNumber(values.rounds),
    quick: values.quick,
    report: values.report,
    profiles: values.profile,
    soakMinutes: wholeNumber(values['soak-minutes']),
  }
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`${text} is not a whole number from 1`)
  return value
}
