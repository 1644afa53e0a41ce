import {
  controlEvent,
  type Position,
  parseCursor,
  type StreamRequest,
  type TopicRequest,
} from '@millrace/protocol'
import { RefusalError } from './refusal-error.ts'
import type { FoundTopic, TopicFinder } from './topic-finder.ts'

/** A topic of a request that was found in the contract. */
export interface RequestedTopic {
  readonly topic: FoundTopic
  /** Names of the wanted events; all when absent. */
  readonly events: ReadonlySet<string> | undefined
  readonly start: 'now' | 'earliest' | 'invalid' | Position
}

/**
 * Finds the topics of a request, and where each is to start.
 *
 * @param header the `Last-Event-ID` header, which a reconnecting `EventSource` sends: it wins over every start
 * @param cursorBytes what a longer text is no cursor by
 * @throws RefusalError
 */
export function findTopics(
  finder: TopicFinder,
  request: StreamRequest,
  header: string | undefined,
  cursorBytes: number,
): readonly RequestedTopic[] {
  // Who names the protocol's version knows it, and is told of its mistakes; a browser could do nothing about them.
  const strict = request.version !== undefined
  return request.topics.map((topic) => {
    const found = finder.find(topic.address)
    // What is told of a topic names it as it was asked for, and no frame can hold a line end.
    if (found.address !== topic.address && (strict || /[\r\n\0]/.test(topic.address))) {
      throw new RefusalError('bad-request', `"${topic.address}" must be written "${found.address}"`, {
        topic: topic.address,
      })
    }
    const unknown = topic.events?.find(
      (name) => name !== controlEvent.snapshot && !Object.hasOwn(found.channel.events, name),
    )
    if (unknown !== undefined) {
      throw new RefusalError('bad-request', `"${topic.address}" has no event "${unknown}"`, {
        topic: topic.address,
      })
    }
    return {
      topic: found,
      events: topic.events && new Set(topic.events),
      start: startOf(topic, request, header, { strict, cursorBytes }),
    }
  })
}

function startOf(
  topic: TopicRequest,
  request: StreamRequest,
  header: string | undefined,
  { strict, cursorBytes }: { readonly strict: boolean; readonly cursorBytes: number },
): RequestedTopic['start'] {
  const text = header ?? topic.from ?? request.lastEventId ?? request.from ?? 'now'
  if (text === 'now' || text === 'earliest') return text
  if (strict && text.length > cursorBytes) {
    throw new RefusalError('too-large', `The cursor is longer than ${cursorBytes} bytes`, {
      cause: 'cursorBytes',
    })
  }
  const position = text.length > cursorBytes ? undefined : parseCursor(text)
  if (position !== undefined) return position
  if (!strict) return 'invalid'
  const detail = `${JSON.stringify(shorten(text))} is neither "now", "earliest" nor a cursor`
  // The others may be asked for again only where it was this topic's own start.
  throw new RefusalError('bad-request', detail, { topic: text === topic.from ? topic.address : undefined })
}

// A header may be very long, and need not be sent back whole.
function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
