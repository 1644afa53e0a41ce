import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, cpus } from 'node:os'
import { mutations } from './mutations.ts'
import type { Tally } from './run-range.ts'

const file = new URL('../../../docs/simulation.md', import.meta.url)

/** What a run of the script came to. */
export type Result =
  | {
      readonly kind: 'scenarios'
      readonly first: number
      readonly tallies: readonly Tally[]
    }
  | { readonly kind: 'mutations'; readonly found: ReadonlyMap<string, Tally>; readonly perMutation: number }

/** Writes a result to `docs/simulation.md`, in place of the last one of its kind. What else stands there is left alone. */
export function writeReport(result: Result): void {
  if (!existsSync(file)) return
  const text = result.kind === 'scenarios' ? describeScenarios(result) : describeMutations(result)
  const [begin, end] = [`<!-- ${result.kind} -->`, `<!-- end of ${result.kind} -->`]
  const before = readFileSync(file, 'utf8')
  const [start, stop] = [before.indexOf(begin), before.indexOf(end)]
  if (start < 0 || stop < 0) throw new Error(`docs/simulation.md has no place for ${result.kind}`)
  writeFileSync(file, `${before.slice(0, start)}${begin}\n\n${text}\n\n${before.slice(stop)}`)
}

function describeScenarios({ first, tallies }: Result & { kind: 'scenarios' }): string {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0)
  const scenarios = sum((tally) => tally.scenarios)
  const rows: readonly (readonly [string, number])[] = [
    ['scenarios', scenarios],
    ['of which failed', sum(({ failed }) => failed.length)],
    ['requests', sum(({ counts }) => counts.requests)],
    ['of which beside an open stream', sum(({ counts }) => counts.handOvers)],
    ['events delivered', sum(({ counts }) => counts.events)],
    ['resets told', sum(({ counts }) => counts.resets)],
    ['moments at which all invariants were looked at', sum(({ counts }) => counts.steps)],
  ]
  const [cpu] = cpus()
  return [
    `Seeds ${count(first)} to ${count(first + scenarios - 1)}, ${today()}, Node ${process.versions.node} on ${cpus().length} × ` +
      `${cpu?.model.trim() || arch()}, in ${count(Math.round(sum(({ seconds }) => seconds)))} s of processor time.`,
    '',
    '| | |',
    '|---|---:|',
    ...rows.map(([name, value]) => `| ${name} | ${count(value)} |`),
  ].join('\n')
}

function describeMutations({ found, perMutation }: Result & { kind: 'mutations' }): string {
  const rows = mutations.map(({ name, file }) => {
    const tally = found.get(name)
    const [failed] = tally?.failed ?? []
    const unnoticed = tally === undefined ? 'ended its process' : `not within ${count(perMutation)}`
    const noticed = failed === undefined ? unnoticed : count(failed.seed)
    return `| ${name} | \`${file}\` | ${noticed} |`
  })
  return [
    `${today()}: with each of these changes in \`packages/client/src\`, the seeds from 1 on until one fails.`,
    '',
    '| change | in | noticed by scenario |',
    '|---|---|---:|',
    ...rows,
  ].join('\n')
}

const count = (value: number): string => value.toLocaleString('en')

const today = (): string => new Date().toISOString().slice(0, 10)
