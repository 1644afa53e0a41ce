import { RequestError } from './request-error.ts'
import { formatTopicRequest, parseTopicRequest, type Start, type TopicRequest } from './topic-request.ts'

/** Version of the protocol that a Millrace client says it speaks. */
export const protocolVersion = 1

/** What a client asks a stream for. */
export interface StreamRequest {
  readonly topics: readonly TopicRequest[]
  /** Start of the topics that have none of their own, when there is no cursor. @default 'now' */
  readonly from?: Start
  /** The cursor that the topics without a start of their own resume from. */
  readonly lastEventId?: string
  /** End the stream after the first batch. */
  readonly poll?: boolean
  /** The protocol's version, which only a Millrace client names. */
  readonly version?: number
}

/** Writes a request as the query of a GET. */
export function formatStreamRequest(request: StreamRequest): URLSearchParams {
  const query = new URLSearchParams()
  for (const topic of request.topics) query.append('topic', formatTopicRequest(topic))
  if (request.from !== undefined) query.set('from', request.from)
  if (request.lastEventId !== undefined) query.set('last-event-id', request.lastEventId)
  if (request.poll === true) query.set('mode', 'poll')
  if (request.version !== undefined) query.set('v', String(request.version))
  return query
}

/** Writes a request as the JSON body of a POST, for where a query would be too long. */
export function formatStreamRequestBody(request: StreamRequest): string {
  const query = formatStreamRequest(request)
  return JSON.stringify(Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)])))
}

/**
 * Reads a request from a query. Parameters that it does not know are let be: they may be the application's.
 *
 * @throws RequestError
 */
export function parseStreamRequest(query: URLSearchParams): StreamRequest {
  const events = query.getAll('event')
  if (events.includes('')) throw new RequestError('event', 'must name an event')
  const topics = query
    .getAll('topic')
    .map(parseTopicRequest)
    .map((topic) => (events.length > 0 && topic.events === undefined ? { ...topic, events } : topic))
  const from = single(query, 'from')
  const lastEventId = single(query, 'last-event-id')
  const mode = single(query, 'mode') ?? 'stream'
  if (mode !== 'stream' && mode !== 'poll') throw new RequestError('mode', 'must be "stream" or "poll"')
  const version = single(query, 'v')
  if (version !== undefined && !/^[1-9]\d{0,3}$/.test(version))
    throw new RequestError('v', 'must be a whole number')
  return {
    topics,
    // [spec] An empty last event ID means that there is none, and is not sent. So is a form's empty field.
    ...(from ? { from } : {}),
    ...(lastEventId ? { lastEventId } : {}),
    ...(mode === 'poll' ? { poll: true } : {}),
    ...(version === undefined ? {} : { version: Number(version) }),
  }
}

// Whoever says it twice means one of them, and nobody knows which.
function single(query: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = query.getAll(name)
  if (others.length > 0) throw new RequestError(name, 'stands there more than once')
  return value
}

const parameters = ['topic', 'event', 'from', 'last-event-id', 'mode', 'v']

/**
 * Reads the JSON body of a POST: an object with the parameters of the query, each a value or a list of values. Members
 * that it does not know are let be, whatever they hold.
 *
 * @throws RequestError
 */
export function parseStreamRequestBody(text: string): StreamRequest {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new RequestError('body', 'must be JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestError('body', 'must be a JSON object')
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) {
    if (!parameters.includes(name)) continue
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item !== 'string' && typeof item !== 'number') {
        throw new RequestError(name, 'must be a string, a number or a list of them')
      }
      query.append(name, String(item))
    }
  }
  return parseStreamRequest(query)
}
