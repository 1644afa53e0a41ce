import {
  type ByeData,
  controlEvent,
  encodeFrame,
  type Frame,
  formatCursor,
  heartbeatFrame,
  type OpenData,
  type Position,
  type ResetVerdict,
} from '@millrace/protocol'
import type { TopicState } from '../publish/snapshots.ts'
import type { Parcel } from './sink.ts'
import type { Telling } from './telling.ts'
import { TextParcel } from './text-parcel.ts'

const encoder = new TextEncoder()

/** What the first frame says. */
export type Opening = { readonly [Key in keyof OpenData]: OpenData[Key] | undefined }

/** The first frame of every stream. Many come to the same place together, and share it. */
export function openFrame(retry: number, id: string, opening: Opening): Parcel {
  const { verdict, heartbeat, now, snapshots } = opening
  const last = lastOpen
  if (
    last === undefined ||
    last.id !== id ||
    last.retry !== retry ||
    last.opening.verdict !== verdict ||
    last.opening.heartbeat !== heartbeat ||
    last.opening.now !== now ||
    last.opening.snapshots !== undefined ||
    snapshots !== undefined
  ) {
    const data = JSON.stringify(opening)
    const parcel = new TextParcel(encodeFrame({ retry, id, event: controlEvent.open, data }))
    lastOpen = { retry, id, opening, parcel }
    return parcel
  }
  return last.parcel
}

let lastOpen:
  | { readonly retry: number; readonly id: string; readonly opening: Opening; readonly parcel: Parcel }
  | undefined

/**
 * Tells topics how they go on, each once. Only the last frame carries the stream's new position: a stream that is cut between them comes
 * back with the old one, and is told again.
 *
 * @param placeAt the place with an offset
 */
export function tellingFrames(
  tellings: readonly Telling[],
  position: Position,
  placeAt: (offset: number) => Position,
): Parcel {
  return toldFrames(
    tellings.map(({ requested, told, floor }) => ({
      requested,
      told,
      at: floor === position.offset ? undefined : placeAt(floor),
    })),
    formatCursor(position),
  )
}

/** Something that a topic is told, and where its events go on, if the stream does at another place. */
export interface ToldTopic extends Pick<Telling, 'requested' | 'told'> {
  readonly at: Position | undefined
}

/** The same, with the id that only the last frame carries. */
export function toldFrames(topics: readonly ToldTopic[], id: string): Parcel {
  const last = topics.length - 1
  const frames = topics.map(({ requested, told, at }, index) => {
    const carrier = index === last ? { id } : {}
    return encodeFrame({
      ...carrier,
      topic: requested,
      ...(typeof told === 'string' ? resetOf(told, at) : snapshotOf(told, carrier.id)),
    })
  })
  return new TextParcel(frames.join(''))
}

/** @param at where the topic goes on, if the stream does at another place */
function resetOf(verdict: ResetVerdict, at: Position | undefined): Frame {
  return {
    event: controlEvent.reset,
    ...(at && { at: formatCursor(at) }),
    data: JSON.stringify({ verdict }),
  }
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
export function endFrames(requested: Iterable<string>): Parcel {
  const frames = [...requested].map((topic) => encodeFrame({ event: controlEvent.end, topic, data: '{}' }))
  return new TextParcel(frames.join(''))
}

/** Tells which addresses may not be read, whatever the rest of the stream brings. */
export function deniedFrames(addresses: readonly string[]): Parcel {
  const frames = addresses.map((topic) => encodeFrame({ event: controlEvent.denied, topic, data: '{}' }))
  return new TextParcel(frames.join(''))
}

/** What a good-bye may say besides. */
interface ByeFields {
  /** When to come back, in milliseconds. */
  readonly retry?: number
  /** The cursor, where it is the stream's only frame. */
  readonly id?: string
}

/** The last frame of a stream that the server ends. */
export function byeFrame(data: ByeData, fields: ByeFields): Parcel {
  return new TextParcel(byeText(data, fields))
}

/** The same as text. */
export function byeText(data: ByeData, fields: ByeFields): string {
  return encodeFrame({ ...fields, event: controlEvent.bye, data: JSON.stringify(data) })
}

/** Moves a cursor to an id. Those who are told the same one after the other share it. */
export function idFrame(id: string): Parcel {
  if (lastIdFrame?.id !== id) lastIdFrame = { id, parcel: sharedParcel(encodeFrame({ id })) }
  return lastIdFrame.parcel
}

let lastIdFrame: { readonly id: string; readonly parcel: Parcel } | undefined

/** Moves a quiet subscriber's cursor. Those who stand at the very same position share it. */
export function positionFrame(position: Position): Parcel {
  let parcel = positionFrames.get(position)
  if (parcel === undefined) {
    parcel = sharedParcel(encodeFrame({ id: formatCursor(position) }))
    positionFrames.set(position, parcel)
  }
  return parcel
}

const positionFrames = new WeakMap<Position, Parcel>()

function sharedParcel(text: string): Parcel {
  const bytes = encoder.encode(text)
  return { bytes, length: bytes.byteLength }
}

/** Says that the stream is alive, and nothing else. */
export const comment: Parcel = sharedParcel(heartbeatFrame)
