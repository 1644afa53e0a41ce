import { judge, type LogBounds } from '@millrace/log'
import type { Position } from '@millrace/protocol'

/**
 * The newest place of a log that this process knows of for certain. A log that does not have it any more was put back to an older
 * state: what it appends from then on must not go by the epoch in which those offsets were given away before.
 */
export class Witness {
  #position: Position | undefined

  saw(position: Position): void {
    this.#position = position
  }

  /**
   * Whether a log was put back.
   *
   * @param tagAt of the record at an offset from `first - 1` to the head
   */
  contradicts(bounds: LogBounds, tagAt: (offset: number) => string | undefined): boolean {
    const position = this.#position
    if (position === undefined) return false
    const { epoch, offset } = position
    // Only there has a log tags to tell.
    const untagged = judge({ epoch, offset }, bounds)
    const verdict = untagged === 'resumed' ? judge(position, bounds, tagAt(offset)) : untagged
    // Another epoch is no contradiction: another process may have begun it.
    return verdict === 'ahead' || verdict === 'diverged'
  }
}
