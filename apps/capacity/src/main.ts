import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checksOf } from './checks.ts'
import { engineNames, readConstants } from './constants.ts'
import { planFor, reachOfOneLog } from './model/plan.ts'
import { typicalWorkload, type Workload } from './model/workload.ts'
import { figure } from './report/figures.ts'
import { pageFile, updatePage } from './report/page.ts'
import { planRows } from './report/plan-rows.ts'

// `npm run capacity -- --connections 10000000 --rate 1000000`: what that takes, and which limit comes first.

const about: Readonly<Record<Exclude<keyof Workload, 'engine'>, string>> = {
  connections: 'streams that are open at the same time',
  rate: 'events published a second',
  fanOut: 'streams that an event reaches, on average',
  shards: 'shards of each log, with an engine each',
  topics: 'topics that events are about, each as often as any other',
  topicsPerStream: 'topics of a stream; with very many it reads all shards, as with a pattern',
  dataBytes: 'length of an event as JSON, in bytes',
  keep: 'how long the log keeps events, in seconds',
  utilization: 'what part of a core may be in use on an ordinary day',
  tailShare: 'what part of a node may go into following its log',
  connectionsPerNode: 'limits.connections',
  batch: 'events of one append',
  delay: 'how late an event may be at a node that has much to read, in seconds',
  heartbeat: 'seconds between two heartbeats',
  maxAge: 'how long a stream lasts at most, in seconds',
  retry: 'the reconnection time, in seconds',
  drain: 'how long a node takes to let its streams go, at least, in seconds',
  connectsPerSecond: 'limits.connectsPerSecond',
}
const optionOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const names = Object.keys(about) as (keyof typeof about)[]

try {
  const options = Object.fromEntries(names.map((name) => [optionOf(name), { type: 'string' as const }]))
  const { values } = parseArgs({
    options: {
      ...options,
      engine: { type: 'string' },
      write: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) help()
  else if (values.write) write()
  else print(workloadFrom(values))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function help(): void {
  console.log('npm run capacity -- [options]: what a workload takes, calculated from what was measured\n')
  const lines = names.map((name) => [
    `--${optionOf(name)} <number>`,
    `${about[name]} (${typicalWorkload[name]})`,
  ])
  const all = [
    ...lines,
    [`--engine <${engineNames.join(' | ')}>`, `(${typicalWorkload.engine})`],
    ['--write', 'writes the tables of docs/scaling.md anew'],
  ]
  for (const [option = '', text] of all) console.log(`  ${option.padEnd(32)}${text}`)
}

function workloadFrom(values: Readonly<Record<string, unknown>>): Workload {
  const engine = engineNames.find((name) => name === (values.engine ?? typicalWorkload.engine))
  if (engine === undefined) throw new RangeError(`--engine must be one of ${engineNames.join(', ')}`)
  const numbers = names.map((name): [string, number] => {
    const given = values[optionOf(name)]
    const number = given === undefined ? typicalWorkload[name] : Number(given)
    if (!(number > 0 && Number.isFinite(number)))
      throw new RangeError(`--${optionOf(name)} must be a number above 0`)
    return [name, number]
  })
  return { ...typicalWorkload, ...Object.fromEntries(numbers), engine }
}

function print(workload: Workload): void {
  const constants = readConstants()
  const plan = planFor(workload, constants)
  for (const [name, value] of planRows(plan)) console.log(`${name.padEnd(56)}${value}`)
  console.log(
    `${'one log would do for, with as many events a stream'.padEnd(56)}${figure(reachOfOneLog(workload, constants))} streams`,
  )
  console.log('\nLimits, the nearest first')
  const byUse = plan.limits.toSorted((left, right) => right.used / right.limit - left.used / left.limit)
  for (const { name, used, limit, unit, remedy } of byUse) {
    console.log(
      `${`${Math.round((100 * used) / limit)} %`.padStart(6)}  ${name}: ${figure(used)} of ${figure(limit)} ${unit}`.trimEnd(),
    )
    console.log(`        then ${remedy}`)
  }
}

function write(): void {
  const constants = readConstants()
  const checks = checksOf(constants)
  writeFileSync(pageFile, updatePage(readFileSync(pageFile, 'utf8'), { constants, checks }))
}
