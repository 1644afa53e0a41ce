import { engines } from './contenders.ts'
import { manners, type Rates } from './publishing.ts'
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

Events a second of 190 bytes that one process of Node has kept: by the client of the engine itself, and by the log on it, on the same engine, equally durable, in turns of one run. The best of its rounds, which is the one that others disturbed least. Quote the ratios: the figures belong to the machine, on
which the engine runs as well. What the client keeps is texts, ready as they are; the log is given events, and keeps topic, name, version and time with the text of each. It does more than that: dense offsets, one order for all processes, epoch, tags and retention. What it has won where it is faster comes of gathering what is under way into one step.

Promised is at least ${percent(promised)} of the rate, where many publish; with one call after the other it is not the rate that shows, but how long each takes. Each log has [three connections at most](engines-in-trouble.md), however many callers, clients and topics there are.

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
  return manners.flatMap(({ title, isRate }) => {
    const rates = publishing[title]
    if (rates === undefined) return []
    const [own, log] = [Math.max(...rates.own), Math.max(...rates.log)]
    const verdict = isRate ? (log / own >= promised ? 'yes' : '**no**') : ''
    return `| ${name} | ${title} | ${figure(own)} | ${figure(log)} | ${percent(log / own)} | ${verdict} |`
  })
}

function resumingRow(name: string, { seconds, reads }: Resuming): string {
  return `| ${name} | ${seconds.toFixed(2)} | ${reads} | ${seconds < 2 && reads <= 10 ? 'yes' : '**no**'} |`
}

const figure = (value: number) => Math.round(value).toLocaleString('en')
const percent = (share: number) => `${Math.round(100 * share)} %`
