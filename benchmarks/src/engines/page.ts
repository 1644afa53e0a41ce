import { engines } from './contenders.ts'
import type { Rates } from './publishing.ts'
import type { Resuming } from './resuming.ts'

/** What was measured of an engine, in one run. */
export interface EngineResult {
  readonly date: string
  readonly machine: string
  readonly publishing: Record<string, Rates>
  readonly resuming: Resuming
}

/** The least that is promised of the rate of the engine itself. */
const promised = 0.5

/** The page of all results. */
export function pageOf(results: Readonly<Record<string, EngineResult>>): string {
  const names = Object.keys(engines).filter((name) => name in results)
  return `# Logs beside their engines

<!-- Written by \`npm run bench:engines\`; what is changed here by hand is lost with the next run. -->

Events a second of 190 bytes that one process of Node has kept: by the client of the engine itself, and by the log on it, on the same engine, equally durable, in turns of one run. Medians of its rounds. Quote the ratios: the figures belong to the machine, on
which the engine runs as well. A log does more than what it is beside: dense offsets, one order for all processes, epoch, tags and retention. What it has won where it is faster comes of gathering what is under way into one step.

Promised is at least ${percent(promised)}. Each log has [three connections at most](engines-in-trouble.md), however many callers, clients and topics there are.

| engine | | its own client | the log | | |
|---|---|---:|---:|---:|---|
${names.flatMap((name) => rowsOf(name, results[name] as EngineResult)).join('\n')}

${names.map((name) => `- ${name}: ${engines[name]?.client}. ${results[name]?.date}, ${results[name]?.machine}.`).join('\n')}

## All come back at once

2,000 streams that resume over 100 events each, on ten topics, from a server that has only begun, over sockets of the same process: until the last has everything. Promised are 2 s, and one read of the log a topic at most.

| engine | seconds | reads of the log | |
|---|---:|---:|---|
${names.map((name) => resumingRow(name, (results[name] as EngineResult).resuming)).join('\n')}
`
}

function rowsOf(name: string, { publishing }: EngineResult): string[] {
  return Object.entries(publishing).map(([title, { own, log }]) => {
    const ratio = median(log) / median(own)
    return `| ${name} | ${title} | ${figure(median(own))} | ${figure(median(log))} | ${percent(ratio)} | ${ratio >= promised ? 'yes' : '**no**'} |`
  })
}

function resumingRow(name: string, { seconds, reads }: Resuming): string {
  return `| ${name} | ${seconds.toFixed(2)} | ${reads} | ${seconds < 2 && reads <= 10 ? 'yes' : '**no**'} |`
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const figure = (value: number) => Math.round(value).toLocaleString('en')
const percent = (share: number) => `${Math.round(100 * share)} %`
