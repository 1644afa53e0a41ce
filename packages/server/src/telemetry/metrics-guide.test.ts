import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileExamples, readExamples } from '../fixtures/guide.fixture.ts'
import { rowsOf } from '../fixtures/markdown-table.fixture.ts'
import { logLines } from './log-lines.ts'
import { Counters } from './meter.ts'
import { metrics } from './metrics.ts'
import { prometheusName } from './prometheus-name.ts'

const docs = join(import.meta.dirname, '..', '..', '..', '..', 'docs')

async function tableOf(...head: string[]): Promise<string[][]> {
  return rowsOf(await readFile(join(docs, 'metrics.md'), 'utf8'), ...head)
}

const code = (text: string) => `\`${text}\``

describe('the guide has', () => {
  it('every metric, and no other', async () => {
    expect(await tableOf('OpenTelemetry', 'Prometheus', 'kind')).toEqual(
      metrics.map((metric) => {
        const { name, kind, unit, label, help } = metric
        const names = [code(name), code(prometheusName(metric))]
        return [...names, kind, code(unit), label === undefined ? '' : code(label), help]
      }),
    )
  })

  it('every value of every label', async () => {
    const gauges = { connections: 0, subscriptions: 0, bufferedBytes: 0, sources: 0 }
    const stats = { ...gauges, ...new Counters([]).read() }
    const expected = metrics.flatMap((metric) => {
      if (metric.label === undefined || metric.label === 'channel') return []
      const values = Object.keys(metric.read(stats)).map(code).join(', ')
      return [[code(metric.label), code(metric.name), values]]
    })
    const rows = await tableOf('label', 'of', 'values')
    expect(rows.filter(([label]) => label !== code('channel'))).toEqual(expected)
  })

  it('every line of the log, and no other', async () => {
    expect(await tableOf('level', 'message', 'members')).toEqual(
      Object.values(logLines).map(({ level, message, members }) => [
        code(level),
        message,
        members.map(code).join(', '),
      ]),
    )
  })
})

describe('the dashboard', () => {
  /** The metric of each query, and what it groups by. */
  async function queries() {
    const { panels } = JSON.parse(await readFile(join(docs, 'grafana-dashboard.json'), 'utf8'))
    return (panels as { targets: { expr: string }[] }[])
      .flatMap(({ targets }) => targets)
      .map(({ expr }) => {
        const [name = '', ...others] = expr.match(/millrace_\w+/g) ?? []
        return { expr, name, others, by: /by \((\w+)\)/.exec(expr)?.[1] }
      })
  }

  it('asks for every metric, by a name that it has', async () => {
    const asked = (await queries()).map(({ name }) => name.replace(/_bucket$/, ''))
    expect([...new Set(asked)].sort()).toEqual(metrics.map(prometheusName).sort())
  })

  it('groups each by the label that it has, and takes the rate of what only grows', async () => {
    const labelOf = new Map(
      metrics.map((metric) =>
        metric.kind === 'histogram'
          ? [`${prometheusName(metric)}_bucket`, 'le']
          : [prometheusName(metric), metric.label],
      ),
    )
    for (const { expr, name, others, by } of await queries()) {
      expect({ expr, others, by }).toEqual({ expr, others: [], by: labelOf.get(name) })
      expect({ expr, rate: expr.includes('rate(') }).toEqual({ expr, rate: /_(total|bucket)$/.test(name) })
    }
  })
})

it('the examples of the guide compile, as strictly as our own code', async () => {
  const examples = await readExamples('metrics.md')
  expect([...examples.keys()]).toEqual(['prometheus.ts', 'telemetry.ts', 'subscriber.ts'])
  expect(await compileExamples('metrics.md', examples)).toBe('')
})
