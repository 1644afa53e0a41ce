import type { Metric } from './metrics.ts'

const unitNames: Readonly<Record<string, string>> = { By: 'bytes', s: 'seconds' }

/** The unit as Prometheus writes it at the end of a name; `undefined` for what is merely counted. */
export function prometheusUnit({ unit }: Pick<Metric, 'unit'>): string | undefined {
  return unitNames[unit]
}

/** The name of a metric without `_total`: `millrace_socket_sent_bytes`. OpenTelemetry's exporters make the same. */
export function prometheusFamily(metric: Pick<Metric, 'name' | 'unit'>): string {
  const unit = prometheusUnit(metric)
  return `${metric.name.replaceAll('.', '_')}${unit === undefined ? '' : `_${unit}`}`
}

/** The name that a query asks for: `millrace_socket_sent_bytes_total`. */
export function prometheusName(metric: Pick<Metric, 'name' | 'unit' | 'kind'>): string {
  return `${prometheusFamily(metric)}${metric.kind === 'counter' ? '_total' : ''}`
}
