import { answerRequest } from '../request/answer-request.ts'
import type { EventServer } from '../server.ts'
import { metrics } from './metrics.ts'
import { type PrometheusFormat, prometheusText } from './prometheus-text.ts'

/** Settings of a Prometheus handler. */
export interface PrometheusOptions {
  /** Labels that every sample carries, such as the server's name where a process has several. @default none */
  readonly labels?: Readonly<Record<string, string>>
}

const types: Readonly<Record<PrometheusFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

const ownLabels = new Set(['le', ...metrics.flatMap(({ label }) => (label === undefined ? [] : [label]))])

/**
 * Makes the handler that Prometheus scrapes: `Request` in, `Response` out. It writes the text format 0.0.4, or OpenMetrics 1.0.0 for those
 * whose `Accept` prefers that. The numbers are this process's. They are for operators: keep the address from the public.
 *
 * @throws TypeError for a label that cannot be
 */
export function prometheusHandler(
  events: Pick<EventServer, 'stats'>,
  { labels = {} }: PrometheusOptions = {},
): (request: Request) => Promise<Response> {
  for (const [name, value] of Object.entries(labels)) {
    // [Prometheus data model] Names that begin with two underscores are for internal use.
    if (!/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || ownLabels.has(name)) {
      throw new TypeError(`${JSON.stringify(name)} cannot be a label here`)
    }
    if (typeof value !== 'string') throw new TypeError(`The label ${name} must be a text`)
  }
  return (request) =>
    answerRequest(request, () => {
      const format = preferredFormat(request.headers.get('accept') ?? '')
      return {
        status: 200,
        type: types[format],
        text: prometheusText(events.stats(), format, labels),
        headers: { vary: 'accept' },
      }
    })
}

/** What an `Accept` header would rather have; the plain text where it names neither. */
function preferredFormat(accept: string): PrometheusFormat {
  let open = 0
  let plain = 0
  for (const range of accept.toLowerCase().split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim())
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    const version = parameters.find((parameter) => parameter.startsWith('version='))?.slice(8)
    if (type === 'application/openmetrics-text') {
      // What was written for a draft or for a later version is not promised to read this one.
      if (version === undefined || version === '1.0.0') open = Math.max(open, quality)
    } else if (type === 'text/plain') {
      if (version === undefined || version === '0.0.4') plain = Math.max(plain, quality)
    }
  }
  return open > 0 && open >= plain ? 'openmetrics' : 'text'
}
