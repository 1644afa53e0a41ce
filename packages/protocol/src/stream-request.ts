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
 * @param address of a topic that stands elsewhere, as in the path: one more, for which `event` holds too
 * @throws RequestError
 */
export function parseStreamRequest(query: URLSearchParams, address?: string): StreamRequest {
  const texts: string[] = []
  const events: string[] = []
  const singles = new Singles()
  query.forEach((value, name) => {
    if (name === 'topic') texts.push(value)
    else if (name === 'event') events.push(value)
    else singles.take(name, value)
  })
  if (address !== undefined) texts.push(address)
  if (events.includes('')) throw new RequestError('event', 'must name an event')
  const request: Writable<StreamRequest> = { topics: texts.map((text) => readTopic(text, events)) }
  const from = singles.get('from')
  const lastEventId = singles.get('last-event-id')
  const mode = singles.get('mode') ?? 'stream'
  if (mode !== 'stream' && mode !== 'poll') throw new RequestError('mode', 'must be "stream" or "poll"')
  const version = singles.get('v')
  if (version !== undefined && !/^[1-9]\d{0,3}$/.test(version))
    throw new RequestError('v', 'must be a whole number')
  // [spec] An empty last event ID means that there is none, and is not sent. So is a form's empty field.
  if (from) request.from = from
  if (lastEventId) request.lastEventId = lastEventId
  if (mode === 'poll') request.poll = true
  if (version !== undefined) request.version = Number(version)
  return request
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

function readTopic(text: string, events: readonly string[]): TopicRequest {
  const topic = parseTopicRequest(text)
  return events.length > 0 && topic.events === undefined ? { ...topic, events } : topic
}

// Whoever says it twice means one of them, and nobody knows which.
class Singles {
  #values: Map<string, string> | undefined
  #repeated: Set<string> | undefined

  take(name: string, value: string): void {
    if (!singleParameters.includes(name)) return
    this.#values ??= new Map()
    if (this.#values.has(name)) {
      this.#repeated ??= new Set()
      this.#repeated.add(name)
    } else this.#values.set(name, value)
  }

  get(name: string): string | undefined {
    if (this.#repeated?.has(name)) throw new RequestError(name, 'stands there more than once')
    return this.#values?.get(name)
  }
}

const singleParameters = ['from', 'last-event-id', 'mode', 'v']
const parameters = ['topic', 'event', ...singleParameters]

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
