import {
  type ByeData,
  controlEvent,
  encodeFrame,
  formatCursor,
  type OpenData,
  type Position,
  type ResetVerdict,
} from '@millrace/protocol'

const encoder = new TextEncoder()

/** The first frame of every stream. */
export function openFrame(retry: number, id: string, data: OpenData): Uint8Array {
  return encoder.encode(encodeFrame({ retry, id, event: controlEvent.open, data: JSON.stringify(data) }))
}

/** A topic that could not go on, by the address that was asked for. */
export interface TopicReset {
  readonly requested: string
  readonly verdict: ResetVerdict
}

/**
 * Tells topics that they could not go on, each once. Only the last frame carries the new position: a stream that is cut
 * between them comes back with the old one, and is told again.
 */
export function resetFrames(resets: readonly TopicReset[], position: Position): Uint8Array {
  const verdicts = [...new Map(resets.map(({ requested, verdict }) => [requested, verdict]))]
  const frames = verdicts.map(([requested, verdict], index) =>
    encodeFrame({
      ...(index === verdicts.length - 1 ? { id: formatCursor(position) } : {}),
      event: controlEvent.reset,
      topic: requested,
      data: JSON.stringify({ verdict }),
    }),
  )
  return encoder.encode(frames.join(''))
}

/** The last frame of a stream that the server ends. @param retry when to come back, in milliseconds */
export function byeFrame(data: ByeData, retry: number | undefined): Uint8Array {
  return encoder.encode(byeText(data, retry === undefined ? {} : { retry }))
}

/** The same as text, with an id where it is the stream's only frame. */
export function byeText(data: ByeData, fields: { readonly retry?: number; readonly id?: string }): string {
  return encodeFrame({ ...fields, event: controlEvent.bye, data: JSON.stringify(data) })
}

/** Moves a quiet subscriber's cursor. */
export function positionFrame(position: Position): Uint8Array {
  return encoder.encode(encodeFrame({ id: formatCursor(position) }))
}
