import {
  type Context,
  context,
  isSpanContextValid,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { EventInFlight, Outcome } from './instrumentation.ts'
import type { RefusalCause } from './server-stats.ts'
import { readTraceparent } from './trace-context.ts'

// Refusals that are no fault of whoever asked.
const ownFaults: ReadonlySet<RefusalCause> = new Set(['authorize', 'log'])

/**
 * Publishes within a span. `run` takes its `traceparent`, if it is sampled: another one would cost bytes with every delivery and lead
 * nowhere.
 */
export function publishInSpan<Result>(
  tracer: Tracer,
  events: readonly EventInFlight[],
  run: (trace: string | undefined) => Promise<Result>,
): Promise<Result> {
  const [first] = events
  const channels = [...new Set(events.map(({ channel }) => channel))]
  const single = events.length === 1 ? first : undefined
  const parent = single?.trace === undefined ? context.active() : remoteParent(single.trace)
  const channel = channels.length === 1 ? channels[0] : undefined
  const options = {
    kind: SpanKind.PRODUCER,
    attributes: {
      'messaging.system': 'millrace',
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      ...(channel === undefined ? {} : { 'messaging.destination.template': channel }),
      ...(single === undefined
        ? { 'messaging.batch.message_count': events.length }
        : { 'millrace.event': single.name }),
    },
    links: single === undefined ? events.flatMap(({ trace }) => linkTo(trace)) : [],
  }
  const name = channel === undefined ? 'publish' : `publish ${channel}`
  return inSpan(tracer, name, options, parent, (span) => run(sampledTraceparent(span)))
}

/** Answers a request for a stream within a span: until the stream is promised, or the request refused. */
export function answerInSpan<Result extends { readonly outcome?: Outcome | undefined }>(
  tracer: Tracer,
  header: (name: string) => string | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  // Where the server underneath is instrumented, its span is the one of the request.
  const within = trace.getActiveSpan() !== undefined
  const given = readTraceparent(header('traceparent'))
  const parent = within || given === undefined ? context.active() : remoteParent(given)
  const options = { kind: within ? SpanKind.INTERNAL : SpanKind.SERVER }
  return inSpan(tracer, 'subscribe', options, parent, async (span) => {
    const result = await run()
    const { verdict, topics, refused } = result.outcome ?? {}
    if (verdict !== undefined) span.setAttribute('millrace.verdict', verdict)
    if (topics !== undefined) span.setAttribute('millrace.topics', topics)
    if (refused !== undefined) {
      span.setAttribute('millrace.refused', refused)
      if (ownFaults.has(refused)) span.setStatus({ code: SpanStatusCode.ERROR })
    }
    return result
  })
}

// Of an error only its name is told: what it says may be about the data.
async function inSpan<Result>(
  tracer: Tracer,
  name: string,
  options: Parameters<Tracer['startSpan']>[1],
  parent: Context,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  const span = tracer.startSpan(name, options, parent)
  try {
    return await context.with(trace.setSpan(parent, span), () => run(span))
  } catch (error) {
    span.setAttribute('error.type', error instanceof Error ? error.name : typeof error)
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}

function remoteParent(traceparent: string): Context {
  return trace.setSpanContext(context.active(), spanContextOf(traceparent))
}

function linkTo(traceparent: string | undefined): Link[] {
  return traceparent === undefined ? [] : [{ context: spanContextOf(traceparent) }]
}

// [W3C Trace Context §3.2.2] version-format = trace-id "-" parent-id "-" trace-flags
function spanContextOf(traceparent: string) {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-')
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
}

function sampledTraceparent(span: Span): string | undefined {
  const spanContext = span.spanContext()
  const { traceId, spanId, traceFlags } = spanContext
  if (!isSpanContextValid(spanContext) || (traceFlags & TraceFlags.SAMPLED) === 0) return undefined
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}
