import { type CandidateName, candidates } from '../candidates.ts'
import { complaints, type PeerResult, type Results, type ScenarioResult } from '../results.ts'
import type { Metric, Scenario } from '../scenario.ts'
import { scenarios } from '../scenarios/index.ts'
import { median } from '../statistics.ts'
import { targetNotes, targetsOf } from './targets.ts'

/** The results as a page for people. */
export function writePage(results: Results): string {
  const sections = results.scenarios.flatMap((result) => {
    const scenario = scenarios.find(({ name }) => name === result.scenario)
    return scenario === undefined ? [] : [sectionOf(scenario, result)]
  })
  return `${[intro(results), targetTable(results), ...sections, method].join('\n\n')}\n`
}

function intro({ machine, versions }: Results): string {
  const { cores, memory, system, node, pinned } = machine
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `# Benchmarks

<!-- Written by \`npm run bench\`; what is changed here by hand is lost with the next run. -->

What Millrace costs beside what the same job costs bare, and beside its peers, each table in one run on one machine. Quote
the ratios: the figures belong to the machine.

![CPU time for each delivered event](images/benchmarks.svg)

${cores} cores, ${memory} GiB, ${system}, Node ${node}; server and load generator in separate processes${pinned ? ', each on a core of its own' : ''}.
${list.join(', ')}.`
}

function targetTable(results: Results): string {
  const rows = targetsOf(results).map(({ text, limit, unit, value }) => {
    const shown = Number.isNaN(value) ? 'not measured' : `${withUnit(value, limit < 10 ? 2 : 1, unit)}`
    const met = Number.isNaN(value) ? '' : value <= limit ? 'yes' : '**no**'
    return `| ${text} | ${withUnit(limit, limit % 1 === 0 ? 0 : 2, unit)} | ${shown} | ${met} |`
  })
  return [
    '## What is promised',
    '',
    '| | at most | measured | met |',
    '|---|---|---|---|',
    ...rows,
    '',
    targetNotes.replace(/\n/g, ' '),
  ].join('\n')
}

function sectionOf(scenario: Scenario, { date, processor, peers: results }: ScenarioResult): string {
  const metrics = Object.entries(scenario.metrics)
  const titles = metrics.map(([, { title, unit }]) => (unit === '' ? title : `${title}, ${unit}`))
  const rows = results.map((result) => {
    const cells = metrics.map(([name, metric]) => cellOf(scenario, name, metric, result, results))
    return `| ${[titleOf(result), ...cells, validity(scenario, result)].join(' | ')} |`
  })
  return [
    `## ${scenario.title}`,
    '',
    `${scenario.text.replace(/\n/g, ' ')} ${roundsOf(results)}, ${date}, on ${processor}; in brackets the ratio to the reference, and least to most of all rounds.`,
    '',
    `| ${scenario.subject} | ${titles.join(' | ')} | checks |`,
    `|---|${titles.map(() => '---|').join('')}---|`,
    ...rows,
  ].join('\n')
}

function roundsOf(results: readonly PeerResult[]): string {
  const rounds = Math.max(
    0,
    ...results.flatMap(({ values }) => Object.values(values).map(({ length }) => length)),
  )
  return rounds === 1 ? 'One round' : `Medians of ${rounds} rounds`
}

function titleOf({ peer, connections }: PeerResult): string {
  const { title } = candidates[peer]
  return connections === 1 ? title : `${title} (with ${Math.round(100 * connections)} % of the connections)`
}

function cellOf(
  { references }: Scenario,
  name: string,
  { digits }: Metric,
  result: PeerResult,
  all: readonly PeerResult[],
): string {
  const values = result.values[name] ?? []
  const value = median(values)
  if (Number.isNaN(value)) return '–'
  const reference = valueOfPeer(all, references[name], name)
  const ratio = reference === undefined ? [] : [`${(value / reference).toFixed(2)} ×`]
  const spread =
    values.length > 1
      ? [`${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`]
      : []
  const notes = [...ratio, ...spread]
  return `${value.toFixed(digits)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`
}

function valueOfPeer(
  all: readonly PeerResult[],
  peer: CandidateName | undefined,
  metric: string,
): number | undefined {
  const values = all.find((result) => result.peer === peer)?.values[metric]
  return values === undefined ? undefined : median(values)
}

function validity({ generatorCounts, subject }: Scenario, { checks }: PeerResult): string {
  const faults = complaints(checks)
  if (subject !== 'server') return faults.length === 0 ? 'all arrived' : faults.join('; ')
  const share = generatorCounts ? `, generator ${Math.round(100 * checks.generatorShare)} %` : ''
  const others = `, others ${checks.othersShare.toFixed(1)}`
  return `${faults.length === 0 ? 'all arrived' : faults.join('; ')}${share}${others}`
}

function withUnit(value: number, digits: number, unit: string): string {
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`
}

const method = `## How it is measured

- The figure is CPU time of the server's process, of all its threads, divided by what it did. It hardly depends on who else is busy.
- Every peer is used as its documentation shows, and gets the same events. Each measurement is a fresh process, after a warm-up; the
  peers take turns within each round. Where a peer needs most of its core, ticks are further apart, so that no bytes wait in sockets.
- The generator reads bare sockets, spread over several loopback addresses. It counts every event on every connection and sees that each
  has the number after the one before; some streams are also read by a parser and compared. Its share of its own core is shown where a
  busy generator would change the figure; from 90 % on, a measurement is repeated with half the connections.
- Memory is what the process has of its own (anonymous pages), since a system may take back the pages of program files. What the kernel
  keeps for a socket is in no figure.
- "Others" is how many cores everything else on the machine used meanwhile, at worst. From half a core on, times are worth nothing, and
  CPU times are too high by what the caches lose.
- 10,000 connections need \`ulimit -n\` above that, in each of the two processes.

\`npm run bench\` measures everything and writes this page (about half an hour); \`npm run bench -- --help\` shows how to measure a part.`
