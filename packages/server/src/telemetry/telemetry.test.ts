import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import {
  context,
  isSpanContextValid,
  metrics as metricsApi,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'
import type { EventServer } from '../server.ts'
import { openTelemetry } from '../telemetry.ts'
import type { Instrumentation } from './instrumentation.ts'
import { metrics } from './metrics.ts'

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()))
afterAll(() => context.disable())

/** Meters of the real SDK, whose numbers are exported into memory. */
function meterUp() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  onTestFinished(() => provider.shutdown())
  const collect = async () => {
    exporter.reset()
    await reader.forceFlush()
    const scopes = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics)
    return new Map<string, MetricData>(
      scopes.flatMap(({ metrics }) => metrics).map((metric) => [metric.descriptor.name, metric]),
    )
  }
  return { meter: provider.getMeter('test'), collect }
}

/** Tracers of the real SDK, whose spans are exported into memory. */
function traceUp(sampled = true) {
  const exporter = new InMemorySpanExporter()
  const root = sampled ? new AlwaysOnSampler() : new AlwaysOffSampler()
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  })
  onTestFinished(() => provider.shutdown())
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() }
}

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const traceId = '0af7651916cd43dd8448eb211c80319c'
const unsampled = traceparent.replace(/01$/, '00')

const traceparentOf = (span: ReadableSpan | undefined) =>
  `00-${span?.spanContext().traceId}-${span?.spanContext().spanId}-01`

const valuesOf = (metric: MetricData | undefined) =>
  Object.fromEntries(
    (metric?.dataPoints ?? []).map(({ attributes, value }) => [Object.values(attributes).join(), value]),
  )

describe('metrics', () => {
  it('are all there, with their units and the numbers that the server has', async () => {
    const { meter, collect } = meterUp()
    const { events, url, place } = await serve({ instrumentation: openTelemetry({ meter }) })
    await place('1', 1, 2, 3)
    const live = await openStream(url('?topic=orders/1'))
    const resumed = await openStream(url('?topic=orders/1;from=e1.1'))
    await resumed.take(3)
    await place('1', 4)
    await live.take(2)
    expect((await openStream(url('?topic=nowhere'))).status).toBe(404)
    const collected = await collect()
    const stats = events.stats()
    expect([...collected.keys()].sort()).toEqual(metrics.map(({ name }) => name).sort())
    for (const metric of metrics) {
      const found = collected.get(metric.name)
      expect(found?.descriptor).toMatchObject({ unit: metric.unit, description: metric.help })
      if (metric.kind === 'histogram') {
        const { bounds, counts, sum } = metric.read(stats)
        expect(found?.dataPoints[0]?.value).toMatchObject({
          buckets: { boundaries: bounds, counts },
          sum,
        })
      } else if (metric.label === undefined) expect(valuesOf(found)).toEqual({ '': metric.read(stats) })
      else expect(valuesOf(found)).toEqual(metric.read(stats))
    }
    expect(valuesOf(collected.get('millrace.connections.active'))).toEqual({ '': 2 })
    expect(valuesOf(collected.get('millrace.events.delivered'))).toEqual({ '': 4 })
    expect(valuesOf(collected.get('millrace.refusals'))).toMatchObject({ request: 1, connections: 0 })
  })

  it('carry the attributes that they were given', async () => {
    const { meter, collect } = meterUp()
    const instrumentation = openTelemetry({ meter, attributes: { server: 'shop' } })
    const { url, place } = await serve({ instrumentation })
    const stream = await openStream(url('?topic=orders/1;from=e1.0'))
    await place('1', 1)
    await stream.take(2)
    for (const { dataPoints } of (await collect()).values()) {
      expect(dataPoints.length).toBeGreaterThan(0)
      for (const { attributes } of dataPoints) expect(attributes).toMatchObject({ server: 'shop' })
    }
  })

  it('are not looked at any more once the server is closed', async () => {
    const { meter, collect } = meterUp()
    const inner = openTelemetry({ meter })
    let looks = 0
    const instrumentation: Instrumentation = {
      ...inner,
      watch: (stats) =>
        inner.watch(() => {
          looks += 1
          return stats()
        }),
    }
    const { events, clock } = prepare({ instrumentation })
    await collect()
    expect(looks).toBe(1)
    const closing = events.close({ drain: 0 })
    clock.advance(0)
    await closing
    await collect()
    expect(looks).toBe(1)
  })

  it('that fail cost no stream its events', async () => {
    const { meter } = meterUp()
    const instrumentation: Instrumentation = {
      ...openTelemetry({ meter }),
      measure() {
        throw new Error('cannot measure')
      },
    }
    const { url, place, errors } = await serve({ instrumentation })
    const stream = await openStream(url('?topic=orders/1'))
    await place('1', 1)
    await stream.take(2)
    await turn()
    expect(errors).toEqual([new Error('cannot measure')])
  })
})

describe('a publication', () => {
  it('has a span, within the one that is active, and its trace goes to the subscriber', async () => {
    const { tracer, spans } = traceUp()
    const { events, url } = await serve({ instrumentation: openTelemetry({ tracer }) })
    const stream = await openStream(url('?topic=orders/1'))
    await stream.next()
    await tracer.startActiveSpan('buy', async (span) => {
      await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: 1 })
      span.end()
    })
    const [published, bought] = spans().slice(-2)
    expect(published).toMatchObject({
      name: 'publish orders/{orderId}',
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'millrace',
        'messaging.operation.name': 'publish',
        'messaging.operation.type': 'send',
        'messaging.destination.template': 'orders/{orderId}',
        'millrace.event': 'placed',
      },
      status: { code: SpanStatusCode.UNSET },
    })
    expect(published?.parentSpanContext?.spanId).toBe(bought?.spanContext().spanId)
    expect(await stream.next()).toMatchObject({ event: 'placed', trace: traceparentOf(published) })
    // And to whoever reads it later.
    const late = await openStream(url('?topic=orders/1;from=e1.0'))
    expect((await late.take(2))[1]).toMatchObject({ trace: traceparentOf(published) })
  })

  it('goes on with the trace that the caller names', async () => {
    const { tracer, spans } = traceUp()
    const { events, url } = await serve({ instrumentation: openTelemetry({ tracer }) })
    const stream = await openStream(url('?topic=orders/1'))
    await stream.next()
    await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: 1 }, { trace: traceparent })
    const published = spans().at(-1)
    expect(published?.spanContext().traceId).toBe(traceId)
    expect(published?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
    expect(await stream.next()).toMatchObject({ trace: traceparentOf(published) })
  })

  it('of several events has one span, which links to what they belong to', async () => {
    const { tracer, spans } = traceUp()
    const { events, url } = await serve({ instrumentation: openTelemetry({ tracer }) })
    const stream = await openStream(url('?topic=orders/*'))
    await stream.next()
    await events.publishMany([
      { topic: shop.orders({ orderId: '1' }), name: 'placed', data: { total: 1 }, trace: traceparent },
      { topic: shop.orders({ orderId: '2' }), name: 'placed', data: { total: 2 } },
    ])
    const published = spans().at(-1)
    expect(published).toMatchObject({
      name: 'publish orders/{orderId}',
      attributes: { 'messaging.batch.message_count': 2 },
    })
    expect(published?.links.map((link) => link.context.traceId)).toEqual([traceId])
    expect((await stream.take(2)).map((block) => block.trace)).toEqual([
      traceparent,
      traceparentOf(published),
    ])
    expect(events.stats().published).toMatchObject({ 'orders/{orderId}': 2 })
  })

  it('that fails says so by the name of the error, never by its text', async () => {
    const { tracer, spans } = traceUp()
    const log = troubledLog(memoryLog())
    const { events } = prepare({ log, instrumentation: openTelemetry({ tracer }) })
    const total = 's3cr3t' as unknown as number
    await expect(events.publish(shop.orders({ orderId: '1' }), 'placed', { total })).rejects.toThrow()
    log.fail('append', new RangeError('s3cr3t'))
    await expect(events.publish(shop.orders({ orderId: '1' }), 'placed', { total: 1 })).rejects.toThrow()
    expect(spans().map(({ attributes, status }) => [attributes['error.type'], status])).toEqual([
      ['DataError', { code: SpanStatusCode.ERROR }],
      ['RangeError', { code: SpanStatusCode.ERROR }],
    ])
    for (const { attributes, events } of spans()) {
      expect(JSON.stringify([attributes, events])).not.toContain('s3cr3t')
    }
  })

  it.each([undefined, null, {}, { topic: 5, name: 5 }, { topic: { channel: null } }])(
    'of %j is refused as without instrumentation, and has its span',
    async (item) => {
      const { tracer, spans } = traceUp()
      const { events } = prepare({ instrumentation: openTelemetry({ tracer }) })
      const { events: bare } = prepare()
      const items = [item] as unknown as Parameters<typeof events.publishMany>[0]
      const errorOf = (of: EventServer) => of.publishMany(items).then(() => {}, String)
      expect(await errorOf(events)).toBe(await errorOf(bare))
      expect(spans().map(({ name, status }) => [name, status.code])).toEqual([
        ['publish', SpanStatusCode.ERROR],
      ])
    },
  )

  it('of nothing has no span', async () => {
    const { tracer, spans } = traceUp()
    const { events } = prepare({ instrumentation: openTelemetry({ tracer }) })
    expect(await events.publishMany([])).toEqual([])
    await expect(events.publishMany(undefined as never)).rejects.toThrow(TypeError)
    expect(spans()).toEqual([])
  })

  it('keeps its order, awaited or not', async () => {
    const { tracer } = traceUp()
    const { place } = prepare({ instrumentation: openTelemetry({ tracer }) })
    const count = 50
    const ids = await place('1', ...Array.from({ length: count }, (_, index) => index))
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => `e1.${index + 1}`))
  })

  it('in a trace that is not sampled carries none', async () => {
    const { tracer, spans } = traceUp(false)
    const { url, place } = await serve({ instrumentation: openTelemetry({ tracer }) })
    const stream = await openStream(url('?topic=orders/1'))
    await place('1', 1)
    expect((await stream.take(2))[1]?.trace).toBeUndefined()
    expect(spans()).toEqual([])
  })
})

describe('a trace without any instrumentation', () => {
  async function publishWith(given: string | undefined) {
    const { events, url } = await serve()
    const stream = await openStream(url('?topic=orders/1'))
    await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: 1 }, { trace: given })
    return (await stream.take(2))[1]
  }

  it.each([traceparent, unsampled])('is carried as it was given: %s', async (given) => {
    expect(await publishWith(given)).toMatchObject({ data: { total: 1 }, trace: given })
  })

  it.each([undefined, '', 'x', `${traceparent}\ndata: {}`])('that is none is left out: %j', async (given) => {
    const block = await publishWith(given)
    expect(block).toMatchObject({ data: { total: 1 } })
    expect(block).not.toHaveProperty('trace')
  })

  it('that another writer left in the log cannot spoil the event', async () => {
    const { url, log } = await serve()
    const stream = await openStream(url('?topic=orders/1'))
    const record = { topic: 'orders/1', event: 'placed', version: 1, time: 1, data: '{"total":1}' }
    await log.append([{ ...record, trace: 'x\ndata: {}' }])
    expect((await stream.take(2))[1]).toMatchObject({ data: { total: 1 } })
  })
})

describe('a request for a stream', () => {
  it('has a span with what became of it, within the trace of its header', async () => {
    const { tracer, spans } = traceUp()
    const { url } = await serve({ instrumentation: openTelemetry({ tracer }) })
    const stream = await openStream(url('?topic=orders/1&topic=orders/2;from=x.1'), {
      headers: { traceparent },
    })
    await stream.next()
    const [span] = spans()
    expect(span).toMatchObject({
      name: 'subscribe',
      kind: SpanKind.SERVER,
      attributes: { 'millrace.verdict': 'epoch', 'millrace.topics': 2 },
    })
    expect(span?.spanContext().traceId).toBe(traceId)
  })

  it('is within the span of the server underneath, and so is what authorize does', async () => {
    const { tracer, spans } = traceUp()
    const { events } = prepare({
      instrumentation: openTelemetry({ tracer }),
      authorize: () =>
        tracer.startActiveSpan('look up', async (span) => {
          await turn()
          span.end()
          return { allow: true }
        }),
    })
    await tracer.startActiveSpan('GET', async (span) => {
      const response = await events.fetch(
        new Request('http://x/events/orders/1', { headers: { traceparent } }),
      )
      await response.body?.cancel()
      span.end()
    })
    const [looked, subscribed, got] = spans()
    expect([looked?.name, subscribed?.name, got?.name]).toEqual(['look up', 'subscribe', 'GET'])
    expect(looked?.parentSpanContext?.spanId).toBe(subscribed?.spanContext().spanId)
    expect(subscribed?.parentSpanContext?.spanId).toBe(got?.spanContext().spanId)
    expect(subscribed?.kind).toBe(SpanKind.INTERNAL)
  })

  it('that was refused says why, and whose fault it was', async () => {
    const { tracer, spans } = traceUp()
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { url } = await serve({ log, instrumentation: openTelemetry({ tracer }) })
    expect((await openStream(url('?topic=nowhere'))).status).toBe(404)
    log.fail('bounds', new Error('away'))
    expect((await openStream(url('?topic=orders/1'))).status).toBe(503)
    const native = await openStream(url('?topic=orders/1'), { headers: { accept: 'text/event-stream' } })
    await native.ended
    expect(spans().map(({ attributes, status }) => [attributes['millrace.refused'], status.code])).toEqual([
      ['request', SpanStatusCode.UNSET],
      ['log', SpanStatusCode.ERROR],
      ['log', SpanStatusCode.ERROR],
    ])
  })
})

describe('where no SDK was set up', () => {
  it('everything works, and a trace that was given is carried', async () => {
    expect(isSpanContextValid(trace.getTracer('x').startSpan('x').spanContext())).toBe(false)
    const { events, url } = await serve({ instrumentation: openTelemetry() })
    const stream = await openStream(url('?topic=orders/1'))
    await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: 1 })
    await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: 2 }, { trace: unsampled })
    const [, first, second] = await stream.take(3)
    expect(first).not.toHaveProperty('trace')
    expect(second?.trace).toBe(unsampled)
  })
})

it('the global providers are used where none is given', async () => {
  const { collect, meter } = meterUp()
  const { tracer, spans } = traceUp()
  metricsApi.setGlobalMeterProvider({ getMeter: () => meter })
  trace.setGlobalTracerProvider({ getTracer: () => tracer })
  onTestFinished(() => {
    metricsApi.disable()
    trace.disable()
  })
  const { place } = prepare({ instrumentation: openTelemetry() })
  await place('1', 1)
  expect(spans()).toHaveLength(1)
  expect(valuesOf((await collect()).get('millrace.events.published'))).toMatchObject({
    'orders/{orderId}': 1,
  })
})

it('half an instrumentation is refused', () => {
  const instrumentation = { watch: () => () => {} } as unknown as Instrumentation
  expect(() => prepare({ instrumentation })).toThrow(
    new TypeError('instrumentation must have the method measure'),
  )
})

describe('OpenTelemetry is asked for by', () => {
  const sources = join(import.meta.dirname, '..')

  /** Every file that an entry imports, itself included, and the packages among them. */
  async function importsOf(file: string, seen = new Set<string>()): Promise<Set<string>> {
    if (seen.has(file)) return seen
    seen.add(file)
    if (!file.endsWith('.ts')) return seen
    const text = await readFile(file, 'utf8')
    for (const [, name = ''] of text.matchAll(/^(?:import|export|\}) (?!type\b)[^'\n]*?from '(.*)'$/gm)) {
      await importsOf(name.startsWith('.') ? join(dirname(file), name) : name, seen)
    }
    return seen
  }

  it.each(['index.ts', 'node.ts', 'health.ts', 'prometheus.ts'])('not %s', async (entry) => {
    const imports = [...(await importsOf(join(sources, entry)))]
    expect(imports.length).toBeGreaterThan(2)
    expect(imports.filter((name) => name.startsWith('@opentelemetry/'))).toEqual([])
  })

  it('telemetry.ts', async () => {
    expect(await importsOf(join(sources, 'telemetry.ts'))).toContain('@opentelemetry/api')
  })
})
