import { formatCursor, type Position } from '@millrace/protocol'
import type { Untold } from './placement.ts'

/** For which place in the log states are asked. */
export interface StatePlace {
  readonly position: Position
  /** What it has in common with others who may share an answer. */
  readonly history: number | string
}

/**
 * The newest place that is known: the newer it is, the fewer events a state has in it already.
 *
 * @param head where the log was when the topics became what they are
 * @param feed of another life, perhaps, than what was read
 */
export function statePlace(
  untold: readonly Untold[],
  head: Position,
  { position, resets }: { readonly position: Position; readonly resets: number },
): StatePlace {
  // The feed may hear of what the log has lost only later, and its place may be among that.
  if (untold.some(({ verdict }) => verdict === 'ahead' || verdict === 'diverged'))
    return { position: head, history: formatCursor(head) }
  const isNewer = position.epoch === head.epoch && position.offset > head.offset
  return { position: isNewer ? position : head, history: resets }
}
