import { headOf, type LogBounds } from '@millrace/log'
import type { Position } from '@millrace/protocol'

/** The log ends here, whatever was known of its newest record. Answers whether that lay further on. */
export function correctHead(known: { head: Position }, bounds: LogBounds): boolean {
  const { epoch, offset } = known.head
  if (epoch !== bounds.epoch || offset <= bounds.head) return false
  known.head = headOf(bounds)
  return true
}
