import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileExamples, readExamples } from '../fixtures/guide.fixture.ts'
import { logLines } from './log-lines.ts'
import { Counters } from './meter.ts'
import { metrics } from './metrics.ts'
import { prometheusName } from './prometheus-name.ts'

const docs = join(import.meta.dirname, '..', '..', '..', '..', 'docs')

/** The rows of the table whose head has these cells. */
async function tableOf(...head: string[]): Promise<string[]> {
  const lines = (await readFile(join(docs, 'metrics.md'), 'utf8')).split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${head.join(' | ')} |`))
  if (start === -1) throw new Error(`No table of ${head.join(', ')}`)
  const rows = lines.slice(start + 2)
  return rows.slice(0, rows.indexOf(''))
}

const code = (text: string) => `\`${text}\``
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`

describe('the guide has', () => {
  it('every metric, and no other', async () => {
    expect(await tableOf('OpenTelemetry', 'Prometheus', 'kind')).toEqual(
      metrics.map((metric) => {
        const { name, kind, unit, label, help } = metric
        const names = [code(name), code(prometheusName(metric))]
        return row(...names, kind, code(unit), label === undefined ? '' : code(label), help)
      }),
    )
  })

  it('every value of every label', async () => {
    const stats = { connections: 0, subscriptions: 0, bufferedBytes: 0, ...new Counters([]).read() }
    const expected = metrics.flatMap((metric) => {
      if (metric.label === undefined || metric.label === 'channel') return []
      const values = Object.keys(metric.read(stats)).map(code).join(', ')
      return [row(code(metric.label), code(metric.name), values)]
    })
    const rows = await tableOf('label', 'of', 'values')
    expect(rows.filter((text) => !text.startsWith(row(code('channel')).slice(0, -2)))).toEqual(expected)
  })

  it('every line of the log, and no other', async () => {
    expect(await tableOf('level', 'message', 'members')).toEqual(
      Object.values(logLines).map(({ level, message, members }) =>
        row(code(level), message, members.map(code).join(', ')),
      ),
    )
  })
})

describe('the dashboard', () => {
  it('asks for every metric, by a name that it has', async () => {
    const { panels } = JSON.parse(await readFile(join(docs, 'grafana-dashboard.json'), 'utf8'))
    const asked = new Set<string>()
    for (const { targets } of panels as { targets: { expr: string }[] }[]) {
      for (const { expr } of targets)
        for (const [name] of expr.matchAll(/millrace_\w+/g)) asked.add(name.replace(/_bucket$/, ''))
    }
    expect([...asked].sort()).toEqual(metrics.map(prometheusName).sort())
  })
})

it('the examples of the guide compile, as strictly as our own code', { timeout: 60_000 }, async () => {
  const examples = await readExamples('metrics.md')
  expect([...examples.keys()]).toEqual(['prometheus.ts', 'telemetry.ts'])
  expect(await compileExamples('metrics.md', examples)).toBe('')
})
