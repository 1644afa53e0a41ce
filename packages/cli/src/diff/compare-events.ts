import type { ChannelModel, EventModel } from '../model/contract-model.ts'
import type { Change } from './change.ts'
import { compareDocumentation } from './compare-documentation.ts'
import { compareVersions } from './compare-versions.ts'
import type { Comparison } from './comparison.ts'
import { matchByKey } from './match.ts'
import { changeBy, placeAt } from './note.ts'
import { compareSchemas } from './schema/compare-schemas.ts'
import { sameSchema } from './shape/same-schema.ts'

/** Compares the events of two states of a channel. */
export function compareAllEvents(
  old: ChannelModel,
  next: ChannelModel,
  comparison: Comparison,
): readonly Change[] {
  const channel = next.key
  const { before, after } = comparison
  const { pairs, lost, gained } = matchByKey(
    old.events,
    next.events,
    ({ name }) => name,
    (from, to) =>
      from.version === to.version &&
      sameSchema({ schema: from.schema, scope: before }, { schema: to.schema, scope: after }),
  )
  return [
    ...lost.map(({ name }) =>
      changeBy('event-removed', { channel, event: name }, `The event "${name}" was removed`),
    ),
    ...pairs.flatMap(([from, to]) => compareEvents(channel, from, to, comparison)),
    ...gained.map(({ name }) =>
      changeBy('event-added', { channel, event: name }, `The event "${name}" was added`),
    ),
  ]
}

function compareEvents(
  channel: string,
  old: EventModel,
  next: EventModel,
  comparison: Comparison,
): readonly Change[] {
  const place = { channel, event: next.name }
  const renamed = `The event "${old.name}" is now called "${next.name}"`
  return [
    ...(old.name === next.name ? [] : [changeBy('event-renamed', place, renamed)]),
    ...compareDocumentation(old, next, place),
    ...compareVersions(old, next, place),
    ...compareEventSchemas(old, next, comparison).map(
      ({ pointer, ...change }): Change => ({ ...change, place: placeAt(place, pointer) }),
    ),
  ]
}

// Who reads another version than was written goes by the version: refuses what is newer, upgrades what is older.
function compareEventSchemas(old: EventModel, next: EventModel, comparison: Comparison) {
  const changes = compareSchemas(old.schema, next.schema, comparison)
  if (old.version === next.version) return changes
  return changes.map((change) => ({ ...change, wire: 'none' as const, replay: 'none' as const }))
}
