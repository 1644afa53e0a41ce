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

/**
 * Tells topics that they could not go on. Only the last frame carries the new position: a stream that is cut between
 * them comes back with the old one, and is told again.
 */
export function resetFrames(
  resets: readonly { readonly requested: string; readonly verdict: ResetVerdict }[],
  position: Position,
): Uint8Array {
  const frames = resets.map(({ requested, verdict }, index) =>
    encodeFrame({
      ...(index === resets.length - 1 ? { id: formatCursor(position) } : {}),
      event: controlEvent.reset,
      topic: requested,
      data: JSON.stringify({ verdict }),
    }),
  )
  return encoder.encode(frames.join(''))
}

/** The last frame of a stream that the server ends. */
export function byeFrame(data: ByeData, retry: number | undefined): Uint8Array {
  const hint = retry === undefined ? {} : { retry }
  return encoder.encode(encodeFrame({ ...hint, event: controlEvent.bye, data: JSON.stringify(data) }))
}

/** Moves a quiet subscriber's cursor. */
export function positionFrame(position: Position): Uint8Array {
  return encoder.encode(encodeFrame({ id: formatCursor(position) }))
}
