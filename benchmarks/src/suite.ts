import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Bench } from './bench.ts'
import type { CandidateName } from './candidates.ts'
import { processorModel } from './machine.ts'
import type { SuiteOptions } from './options.ts'
import type { PeerName } from './peers/names.ts'
import { complaints, type PeerResult, type ScenarioResult, worse } from './results.ts'
import { noFaults, type Outcome, type Scale, type Scenario } from './scenario.ts'

/** Above this share of its core, the generator is what is measured. */
const busyGenerator = 0.9

// A smoke test: everything happens, and nothing takes long.
const small: Scale = { connections: 0.02, duration: 0.1 }

/** What a smoke test measures. */
const smoke = {
  scenarios: ['fan-out', 'connecting', 'topics', 'parser', 'clients'],
  peers: ['raw-socket', 'millrace', 'millrace-topics', 'millrace-parser-fields', 'millrace-client'],
} as const

/** The scenarios of a run. */
export function chosenScenarios(
  all: readonly Scenario[],
  { only, quick }: SuiteOptions,
): readonly Scenario[] {
  const names = only ?? (quick ? smoke.scenarios : undefined)
  return names === undefined ? all : all.filter(({ name }) => (names as readonly string[]).includes(name))
}

/** Measures one scenario: rounds of all peers in turn, a fresh server each time. */
export async function runScenario(scenario: Scenario, options: SuiteOptions): Promise<ScenarioResult> {
  const wanted: readonly CandidateName[] | undefined =
    options.peers ?? (options.quick ? smoke.peers : undefined)
  const all: readonly CandidateName[] = scenario.peers
  const names = all.filter((peer) => wanted?.includes(peer) ?? true)
  const rounds = options.rounds ?? (options.quick ? 1 : scenario.rounds)
  const results = new Map<CandidateName, PeerResult>()
  for (let round = 0; round < rounds; round += 1) {
    // Each round begins with another one, so that nobody always follows the same.
    const first = round % Math.max(1, names.length)
    for (const peer of [...names.slice(first), ...names.slice(0, first)]) {
      const before = results.get(peer)
      const { outcome, connections } = await measure(scenario, peer, before?.connections ?? 1, options)
      results.set(peer, merge(peer, before, outcome, connections))
      tell(scenario, peer, outcome)
    }
  }
  return {
    scenario: scenario.name,
    date: new Date().toISOString().slice(0, 10),
    processor: processorModel(),
    peers: names.flatMap((peer) => results.get(peer) ?? []),
  }
}

// Where the generator was too busy, with fewer connections.
async function measure(scenario: Scenario, peer: CandidateName, share: number, options: SuiteOptions) {
  let connections = share
  for (;;) {
    const outcome = await attempt(scenario, peer, connections, options)
    if (!scenario.generatorCounts || outcome.checks.generatorShare < busyGenerator || connections < 0.2) {
      return { outcome, connections }
    }
    connections /= 2
  }
}

async function attempt(scenario: Scenario, peer: CandidateName, share: number, options: SuiteOptions) {
  const { quick, profiles } = options
  const scale = quick ? small : { connections: 1, duration: 1 }
  if (scenario.subject !== 'server') {
    try {
      return await scenario.measureClient(peer, scale, profileIn(profiles, scenario.name))
    } catch (error) {
      return failed(scenario, error)
    }
  }
  // What is compared as a server is one.
  const bench = new Bench({
    peer: peer as PeerName,
    scenario: scenario.name,
    profiles,
    settling: quick ? 50 : 400,
  })
  try {
    return await scenario.measure(bench, {
      connections: scale.connections * share,
      duration: scenario.name === 'soak' ? scale.duration * options.soakMinutes : scale.duration,
    })
  } catch (error) {
    return failed(scenario, error)
  } finally {
    await bench.stop()
  }
}

function profileIn(folder: string | undefined, scenario: string): ((name: string) => string) | undefined {
  if (folder === undefined) return undefined
  mkdirSync(folder, { recursive: true })
  return (name) => join(folder, `${scenario}-${name}.cpuprofile`)
}

// A peer that fails is told in the table, and the others are measured.
function failed(scenario: Scenario, error: unknown): Outcome {
  const fault = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
  return {
    values: Object.fromEntries(Object.keys(scenario.metrics).map((metric) => [metric, Number.NaN])),
    checks: { ...noFaults, faults: [fault] },
  }
}

function merge(
  peer: CandidateName,
  before: PeerResult | undefined,
  { values, checks }: Outcome,
  connections: number,
): PeerResult {
  // What was measured with more connections than could be, counts no longer.
  const earlier = before?.connections === connections ? before : undefined
  return {
    peer,
    values: Object.fromEntries(
      Object.entries(values).map(([metric, value]) => [metric, [...(earlier?.values[metric] ?? []), value]]),
    ),
    checks: earlier === undefined ? checks : worse(earlier.checks, checks),
    connections,
  }
}

function tell({ name, metrics }: Scenario, peer: CandidateName, { values, checks }: Outcome): void {
  const figures = Object.entries(metrics).map(
    ([metric, { unit, digits }]) => `${metric} ${values[metric]?.toFixed(digits)} ${unit}`,
  )
  const share = `generator ${percent(checks.generatorShare)}, others ${percent(checks.othersShare)}`
  console.log(
    `${name.padEnd(11)} ${peer.padEnd(20)} ${[...figures, share, ...complaints(checks)].join(', ')}`,
  )
}

const percent = (share: number) => `${Math.round(100 * share)} %`
