import { type Metric, metrics } from './metrics.ts'
import { prometheusFamily, prometheusName, prometheusUnit } from './prometheus-name.ts'
import type { ServerStats } from './server-stats.ts'

/** `text` is the exposition format 0.0.4 of Prometheus, `openmetrics` is OpenMetrics 1.0.0. */
export type PrometheusFormat = 'text' | 'openmetrics'

type Labels = Readonly<Record<string, string>>

/** Writes all metrics. @param labels what every sample carries besides its own */
export function prometheusText(stats: ServerStats, format: PrometheusFormat, labels: Labels = {}): string {
  const lines = metrics.flatMap((metric) => [
    ...headOf(metric, format),
    ...samplesOf(metric, stats, format, labels),
  ])
  if (format === 'openmetrics') lines.push('# EOF')
  return `${lines.join('\n')}\n`
}

function headOf(metric: Metric, format: PrometheusFormat): string[] {
  // [OpenMetrics 1.0.0, Counter] The family has no suffix there, its sample has; in the older format both have.
  const family = format === 'openmetrics' ? prometheusFamily(metric) : prometheusName(metric)
  const unit = prometheusUnit(metric)
  return [
    `# HELP ${family} ${escapeHelp(metric.help, format)}`,
    `# TYPE ${family} ${metric.kind}`,
    ...(format === 'openmetrics' && unit !== undefined ? [`# UNIT ${family} ${unit}`] : []),
  ]
}

function samplesOf(metric: Metric, stats: ServerStats, format: PrometheusFormat, labels: Labels): string[] {
  const name = prometheusName(metric)
  if (metric.kind === 'histogram') {
    const { bounds, counts, sum } = metric.read(stats)
    let count = 0
    const buckets = counts.map((inBucket, index) => {
      count += inBucket
      return sample(`${name}_bucket`, { ...labels, le: boundText(bounds[index], format) }, count)
    })
    return [...buckets, sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, count)]
  }
  if (metric.label === undefined) return [sample(name, labels, metric.read(stats))]
  const { label } = metric
  return Object.entries(metric.read(stats)).map(([own, value]) =>
    sample(name, { ...labels, [label]: own }, value),
  )
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
}

// [OpenMetrics 1.0.0, Considerations: Canonical Numbers] A bound always looks like a float there.
function boundText(bound: number | undefined, format: PrometheusFormat): string {
  if (bound === undefined) return '+Inf'
  return format === 'openmetrics' && Number.isInteger(bound) ? `${bound}.0` : String(bound)
}

/** A label's value between its quotes. */
export function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

/** A help text to the end of its line. */
export function escapeHelp(text: string, format: PrometheusFormat): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped
}
