import type { EventModel } from '../model/contract-model.ts'
import type { Place } from '../model/place.ts'
import type { Change } from './change.ts'
import { changeBy } from './note.ts'

/** Compares the versions of an event and what older ones it understands. */
export function compareVersions(old: EventModel, next: EventModel, place: Place): readonly Change[] {
  if (old.version > next.version) {
    const message = `The version was lowered from ${old.version} to ${next.version}, and new clients leave out what is of version ${old.version}`
    return [changeBy('version-lowered', place, message)]
  }
  const raised = `The version was raised from ${old.version} to ${next.version}, which old clients leave out`
  return [
    ...(old.version === next.version ? [] : [changeBy('version-raised', place, raised)]),
    ...compareUpgrades(old, next, place),
  ]
}

function compareUpgrades(old: EventModel, next: EventModel, place: Place): readonly Change[] {
  const before = new Set(old.upgradesFrom)
  const after = new Set([...(next.upgradesFrom ?? []), next.version])
  const removed = [...before].filter((version) => !after.has(version))
  const added = [...after].filter((version) => version < old.version && !before.has(version))
  return [
    ...removed.map((version) =>
      changeBy('upgrade-removed', place, `There is no upgrade from version ${version} any more`),
    ),
    ...(after.has(old.version)
      ? []
      : [changeBy('upgrade-missing', place, `There is no upgrade from version ${old.version}`)]),
    ...added.map((version) =>
      changeBy('upgrade-added', place, `There is an upgrade from version ${version} now`),
    ),
  ]
}
