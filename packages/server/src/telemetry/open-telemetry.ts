import {
  type Attributes,
  type BatchObservableCallback,
  type Histogram,
  type Meter,
  metrics as metricsApi,
  type Observable,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { Instrumentation } from './instrumentation.ts'
import type { HistogramName } from './meter.ts'
import { type Metric, metrics } from './metrics.ts'
import { answerInSpan, publishInSpan } from './open-telemetry-spans.ts'
import type { ServerStats } from './server-stats.ts'

/** Settings of the instrumentation by OpenTelemetry. */
export interface OpenTelemetryOptions {
  /** @default that of the global meter provider for `@millrace/server` */
  readonly meter?: Meter
  /** @default that of the global tracer provider for `@millrace/server` */
  readonly tracer?: Tracer
  /** What every measurement carries, such as the server's name where a process has several. @default none */
  readonly attributes?: Attributes
}

const scope = '@millrace/server'

/**
 * Shows an event server to OpenTelemetry: `createEventServer({ contract, log, instrumentation: openTelemetry() })`, one for each server.
 * Only the API is used, so nothing is collected where no SDK was set up. Set it up before: what is made earlier stays without.
 */
export function openTelemetry({
  meter = metricsApi.getMeter(scope),
  tracer = trace.getTracer(scope),
  attributes = {},
}: OpenTelemetryOptions = {}): Instrumentation {
  const histograms = createHistograms(meter)
  return {
    watch: (stats) => observe(meter, stats, attributes),
    measure: (name, value) => histograms.get(name)?.record(value, attributes),
    publish: (events, run) => publishInSpan(tracer, events, run),
    open: (header, run) => answerInSpan(tracer, header, run),
  }
}

function createHistograms(meter: Meter): ReadonlyMap<HistogramName, Histogram> {
  return new Map(
    metrics.flatMap((metric) => {
      if (metric.kind !== 'histogram') return []
      const { of, name, unit, help, bounds } = metric
      const advice = { explicitBucketBoundaries: [...bounds] }
      return [[of, meter.createHistogram(name, { unit, description: help, advice })] as const]
    }),
  )
}

type Observed = Exclude<Metric, { kind: 'histogram' }>

// All at once, so that the numbers of one collection are of one moment.
function observe(meter: Meter, stats: () => ServerStats, attributes: Attributes): () => void {
  const instruments = new Map<Observed, Observable>()
  for (const metric of metrics) {
    if (metric.kind === 'histogram') continue
    const options = { unit: metric.unit, description: metric.help }
    const instrument =
      metric.kind === 'counter'
        ? meter.createObservableCounter(metric.name, options)
        : // Those of several processes add up, which tells it from a gauge.
          meter.createObservableUpDownCounter(metric.name, options)
    instruments.set(metric, instrument)
  }
  const callback: BatchObservableCallback = (result) => {
    const now = stats()
    for (const [metric, instrument] of instruments) {
      if (metric.label === undefined) result.observe(instrument, metric.read(now), attributes)
      else {
        for (const [value, number] of Object.entries(metric.read(now))) {
          result.observe(instrument, number, { ...attributes, [metric.label]: value })
        }
      }
    }
  }
  const observables = [...instruments.values()]
  meter.addBatchObservableCallback(callback, observables)
  return () => meter.removeBatchObservableCallback(callback, observables)
}
