import { type Problem, problemType } from '@millrace/protocol'
import { type Finding, fault, fine, warning } from '../finding.ts'
import type { Answer } from './answer.ts'

const proxies = 'docs/behind-a-proxy.md'

type Head = Pick<Answer, 'status' | 'headers' | 'protocol'>

/** What there is to say of an answer that is no stream; `undefined` where it is one. @param text the beginning of its body */
export function judgeRefusal({ status, headers }: Head, text: string): Finding | undefined {
  const type = mediaType(headers['content-type'])
  if (status === 200 && type === 'text/event-stream') return undefined
  const problem = type === problemType ? readProblem(text) : undefined
  const said = problem?.detail ?? (type || 'no content type')
  if (status === 200 || type === 'text/html') {
    return fault(
      'content-type',
      `${status}, and ${type || 'no content type'} instead of text/event-stream`,
      'Something else answers: a captive portal, a page that stands for every path, a proxy in maintenance. Look at the path and at who answers it',
    )
  }
  return fault('status', `${status}: ${said}`, cureOf(status, problem))
}

function cureOf(status: number, problem: Partial<Problem> | undefined): string {
  const fromServer = problem?.code !== undefined
  switch (status) {
    case 400:
      return 'Name a topic of the contract: --topic orders/42'
    case 401:
    case 403:
      return "Say who asks, who may read it: --header 'authorization: Bearer …' (docs/authentication.md)"
    case 404:
      return fromServer
        ? "Name a topic of the contract (--topic orders/42), and the server's own path (option path, /events by default)"
        : 'Look at the path: what answers knows none such, and is not the server, whose path is /events by default'
    case 405:
    case 406:
    case 415:
      return 'Something on the way changes the request: look at the proxy'
    case 429:
    case 503:
      return 'The server sends streams away: look at its limits, and whether it is being stopped (docs/deploying.md)'
    case 502:
    case 504:
      return `The proxy does not reach the server: look at both (${proxies})`
    default:
      return 'Look at who answers, and at its log'
  }
}

/** What there is to say of the head of a stream. */
export function judgeHead({ headers, protocol, status }: Head): readonly Finding[] {
  return [
    fine('answer', `${status}, ${headers['content-type']}, ${protocol}`),
    cacheFinding(headers['cache-control'] ?? ''),
    ...encodingFindings(headers['content-encoding']),
    protocolFinding({ headers, protocol, status }),
  ]
}

function cacheFinding(value: string): Finding {
  const subject = 'cache-control'
  const missing = [
    /\bno-(cache|store)\b/i.test(value) ? [] : ['no-cache'],
    /\bno-transform\b/i.test(value) ? [] : ['no-transform'],
  ].flat()
  if (missing.length === 0) return fine(subject, value)
  return warning(
    subject,
    `${value || 'missing'}: without ${missing.join(' and ')}, what stands between may keep or compress the stream, and so hold events back`,
    `Something on the way changes it: pass the server's own on (${proxies})`,
  )
}

function encodingFindings(value: string | undefined): readonly Finding[] {
  if (value === undefined || value === 'identity') return []
  return [
    warning(
      'content-encoding',
      `${value}: something compresses the stream, although the server forbids it (no-transform). It costs a compressor for each stream, and one that does not flush holds events back`,
      `Leave text/event-stream out: gzip off in nginx, no encode in Caddy for this path (${proxies})`,
    ),
  ]
}

function protocolFinding({ protocol }: Head): Finding {
  const subject = 'protocol'
  if (protocol === 'HTTP/2')
    return fine(subject, 'HTTP/2: a browser holds a hundred streams and more on one connection')
  if (protocol === 'HTTP/1.0') {
    return warning(
      subject,
      'HTTP/1.0: the connection ends with each answer, and polls make one anew each time',
      `Speak HTTP/1.1 or 2 there: proxy_http_version 1.1 in nginx (${proxies})`,
    )
  }
  return fine(subject, `${protocol}: a browser opens six connections to an origin, over HTTP/2 one for all`)
}

function mediaType(value: string | undefined): string {
  return (value ?? '').replace(/[;\s].*/s, '').toLowerCase()
}

function readProblem(text: string): Partial<Problem> | undefined {
  try {
    return JSON.parse(text) as Partial<Problem>
  } catch {
    return undefined
  }
}
