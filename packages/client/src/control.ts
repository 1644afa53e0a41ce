import {
  type ByeData,
  controlEvent,
  type OpenData,
  type ResetData,
  type ResetVerdict,
  type SseItem,
  type SseMessage,
} from '@millrace/protocol'
import { ConnectionError } from './connection-error.ts'
import { parseJson } from './json.ts'

/** How a stream began. */
export interface OpenFrame extends OpenData {
  /** Where the stream goes on from; where there are resets, the cursor from before. */
  readonly id: string
}

/** Reads the first frame of a stream. @throws ConnectionError when it is another one */
export function readOpen(message: SseItem & Partial<SseMessage>): OpenFrame {
  if (message.event === controlEvent.bye) throw readBye(message)
  const data = dataOf<OpenData>(message)
  if (message.event !== controlEvent.open || !(Number(data.heartbeat) > 0)) {
    throw new ConnectionError('protocol', `The stream does not begin with ${controlEvent.open}`)
  }
  return { ...(data as OpenData), id: message.lastEventId }
}

/** Reads why a topic could not go on. One that tells no verdict is a reset all the same. */
export function readVerdict(message: SseMessage): ResetVerdict {
  return dataOf<ResetData>(message).verdict ?? 'invalid'
}

/**
 * Reads a good-bye as what ends the stream. That one topic of several may not be read (`denied`) ends it as well: it is asked for again
 * without that one.
 */
export function readBye(message: Partial<SseMessage>): ConnectionError {
  const { reason = 'denied', retryable } = dataOf<ByeData>(message)
  const topics = [message.fields?.topic ?? []].flat()
  return new ConnectionError('bye', `The server ended the stream (${reason})`, {
    bye: reason,
    topics,
    final: retryable === false || !!topics[0],
  })
}

// From somewhere else, so that every member may be missing.
function dataOf<Data>({ data = '' }: Partial<SseMessage>): Partial<Data> {
  return parseJson(data) ?? {}
}
