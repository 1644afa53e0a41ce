import { RequestError } from './request-error.ts'

/** Where a topic starts when nothing resumes it: at the log's end, at its oldest record, or after a cursor. */
export type Start = 'now' | 'earliest' | (string & {})

/** One topic that a stream is asked for. */
export interface TopicRequest {
  /** A topic's address or a pattern: `orders/42`, `orders/*`. */
  readonly address: string
  /** This topic's own start, whatever the others resume from. */
  readonly from?: Start
  /** Only events with these names; all when absent. */
  readonly events?: readonly string[]
}

/**
 * Writes a topic as one value of `topic=`: `orders/42;from=earliest;events=placed,shipped`.
 *
 * @throws RequestError when a part holds what separates the parts, and would be read as something else
 */
export function formatTopicRequest({ address, from, events }: TopicRequest): string {
  const parts = [address]
  if (from !== undefined) parts.push(`from=${from}`)
  if (events !== undefined) parts.push(`events=${events.join()}`)
  if (parts.some((part) => part.includes(';')) || events?.some((name) => name.includes(','))) {
    throw new RequestError('topic', 'has a separator in a part')
  }
  return parts.join(';')
}

/** Reads one value of `topic=`. An address never holds `;`, which is what separates its options. @throws RequestError */
export function parseTopicRequest(text: string): TopicRequest {
  if (text !== '' && !text.includes(';')) return { address: text }
  const [address = '', ...options] = text.split(';')
  if (address === '') throw new RequestError('topic', 'must name a topic')
  const request: { address: string; from?: Start; events?: readonly string[] } = { address }
  for (const option of options) {
    const [name, value] = splitOnce(option)
    if (name !== 'from' && name !== 'events') {
      throw new RequestError('topic', `has an unknown option "${name}"; there are "from" and "events"`)
    }
    if (value === '') throw new RequestError('topic', `has an empty "${name}"`)
    if (request[name] !== undefined) throw new RequestError('topic', `has "${name}" twice`)
    if (name === 'from') request.from = value
    else request.events = value.split(',')
    if (request.events?.includes('')) throw new RequestError('topic', 'has an empty name in "events"')
  }
  return request
}

function splitOnce(option: string): [string, string] {
  const equals = option.indexOf('=')
  return equals === -1 ? [option, ''] : [option.slice(0, equals), option.slice(equals + 1)]
}
