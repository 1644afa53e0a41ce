import { extensions } from '../model/extensions.ts'
import type { Problems } from './problems.ts'
import { member } from './source/json-record.ts'
import { type Place, within } from './source/place.ts'

/** The version of an event, and the older ones that are understood, as our own writers note them. */
export function versionsOf(
  place: Place,
  problems: Problems,
): { readonly version?: number; readonly upgradesFrom?: readonly number[] } {
  const version = member(place.value, extensions.version)
  const older = member(place.value, extensions.upgradesFrom)
  const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 1
  if (version !== undefined && !isVersion(version)) {
    problems.warning(within(place, extensions.version), 'a version is a whole number from 1; it is read as 1')
  }
  return {
    ...(isVersion(version) ? { version } : {}),
    ...(Array.isArray(older) && older.every(isVersion) ? { upgradesFrom: older } : {}),
  }
}
