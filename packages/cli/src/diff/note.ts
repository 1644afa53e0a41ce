import type { Place } from '../model/place.ts'
import type { Change } from './change.ts'
import type { Levels } from './level.ts'
import { type RuleId, rules } from './rules.ts'

/** A place within what another place is. The whole of it needs no pointer. */
export function placeAt(place: Place, pointer: string): Place {
  return pointer === '' ? place : { ...place, pointer }
}

/** A change judged by its rule alone. @param levels instead of those of the rule */
export function changeBy(rule: RuleId, place: Place, message: string, levels: Partial<Levels> = {}): Change {
  return { rule, place, message, ...rules[rule], ...levels }
}
