import type { ChannelModel } from '../model/contract-model.ts'
import type { Change } from './change.ts'
import { compareDocumentation } from './compare-documentation.ts'
import type { Comparison } from './comparison.ts'
import { changeBy, placeAt } from './note.ts'
import { compareSchemas } from './schema/compare-schemas.ts'

/** Compares the snapshots of two states of a channel. They are made when they are asked for, and no log holds old ones. */
export function compareSnapshots(
  { snapshot: old }: ChannelModel,
  { key, snapshot: next }: ChannelModel,
  comparison: Comparison,
): readonly Change[] {
  const place = { channel: key, snapshot: true } as const
  if (old === undefined && next === undefined) return []
  if (old === undefined) return [changeBy('snapshot-added', place, 'The channel has a snapshot now')]
  if (next === undefined) return [changeBy('snapshot-removed', place, 'The channel has no snapshot any more')]
  return [
    ...compareDocumentation(old, next, place),
    ...compareSchemas(old.schema, next.schema, comparison).map(
      ({ pointer, ...change }): Change => ({ ...change, place: placeAt(place, pointer), replay: 'none' }),
    ),
  ]
}
