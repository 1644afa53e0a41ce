import type { ChannelModel } from '../model/contract-model.ts'
import type { Change } from './change.ts'
import { compareDocumentation } from './compare-documentation.ts'
import { compareAllEvents } from './compare-events.ts'
import { comparePaths } from './compare-paths.ts'
import { compareSnapshots } from './compare-snapshots.ts'
import type { Comparison } from './comparison.ts'
import { changeBy } from './note.ts'

/** Compares two states of one channel. */
export function compareChannels(
  old: ChannelModel,
  next: ChannelModel,
  comparison: Comparison,
): readonly Change[] {
  const place = { channel: next.key }
  const changes: Change[] = []
  if (old.key !== next.key) {
    const message = `The channel "${old.key}" is now called "${next.key}"; its addresses are the same`
    changes.push(changeBy('channel-renamed', place, message))
  }
  return [
    ...changes,
    ...compareDocumentation(documentationOf(old), documentationOf(next), place),
    ...comparePaths(old, next, comparison),
    ...compareDelivery(old, next),
    ...compareAllEvents(old, next, comparison),
    ...compareSnapshots(old, next, comparison),
  ]
}

function documentationOf({ description }: ChannelModel) {
  return description === undefined ? {} : { description }
}

function compareDelivery(old: ChannelModel, next: ChannelModel): readonly Change[] {
  if (old.deliver === next.deliver) return []
  const rule = next.deliver === 'latest' ? 'delivery-weakened' : 'delivery-strengthened'
  const message = `Delivery changed from "${old.deliver}" to "${next.deliver}"`
  return [changeBy(rule, { channel: next.key }, message)]
}
