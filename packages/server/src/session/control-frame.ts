import {
  type ByeData,
  controlEvent,
  encodeFrame,
  type Frame,
  formatCursor,
  type OpenData,
  type Position,
  type ResetVerdict,
} from '@millrace/protocol'
import type { TopicState } from '../publish/snapshots.ts'

const encoder = new TextEncoder()

/** The first frame of every stream. */
export function openFrame(retry: number, id: string, data: OpenData): Uint8Array {
  return encoder.encode(encodeFrame({ retry, id, event: controlEvent.open, data: JSON.stringify(data) }))
}

/** What a topic is told before its events go on, by the address that was asked for: that it could not, or its state in place of that. */
export interface Telling {
  readonly requested: string
  readonly told: ResetVerdict | TopicState
}

/**
 * Tells topics how they go on, each once. Only the last frame carries the stream's new position: a stream that is cut between them comes
 * back with the old one, and is told again.
 */
export function tellingFrames(tellings: readonly Telling[], position: Position): Uint8Array {
  const id = formatCursor(position)
  const last = tellings.length - 1
  const frames = tellings.map(({ requested, told }, index) => {
    const carrier = index === last ? { id } : {}
    return encodeFrame({
      ...carrier,
      topic: requested,
      ...(typeof told === 'string' ? resetOf(told) : snapshotOf(told, carrier.id)),
    })
  })
  return encoder.encode(frames.join(''))
}

function resetOf(verdict: ResetVerdict): Frame {
  return { event: controlEvent.reset, data: JSON.stringify({ verdict }) }
}

/** @param id that of the same frame, where it has one */
function snapshotOf({ position, version, data }: TopicState, id: string | undefined): Frame {
  const at = formatCursor(position)
  return {
    event: controlEvent.snapshot,
    ...(version === 1 ? {} : { version }),
    ...(at === id ? {} : { at }),
    data,
  }
}

/** Tells topics that they are complete, without moving the cursor: the log said so before the place where they begin. */
export function endFrames(requested: Iterable<string>): Uint8Array {
  const frames = [...requested].map((topic) => encodeFrame({ event: controlEvent.end, topic, data: '{}' }))
  return encoder.encode(frames.join(''))
}

/** Tells which addresses may not be read, whatever the rest of the stream brings. */
export function deniedFrames(addresses: readonly string[]): Uint8Array {
  const frames = addresses.map((topic) => encodeFrame({ event: controlEvent.denied, topic, data: '{}' }))
  return encoder.encode(frames.join(''))
}

/** What a good-bye may say besides. */
interface ByeFields {
  /** When to come back, in milliseconds. */
  readonly retry?: number
  /** The cursor, where it is the stream's only frame. */
  readonly id?: string
}

/** The last frame of a stream that the server ends. */
export function byeFrame(data: ByeData, fields: ByeFields): Uint8Array {
  return encoder.encode(byeText(data, fields))
}

/** The same as text. */
export function byeText(data: ByeData, fields: ByeFields): string {
  return encodeFrame({ ...fields, event: controlEvent.bye, data: JSON.stringify(data) })
}

/** Moves a quiet subscriber's cursor. */
export function positionFrame(position: Position): Uint8Array {
  return encoder.encode(encodeFrame({ id: formatCursor(position) }))
}
