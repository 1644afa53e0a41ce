import type { JsonSchema } from '../../model/json-schema.ts'
import { stepInto } from '../../model/place.ts'
import type { RuleId } from '../rules.ts'
import type { ObjectShape } from '../shape/shape.ts'
import type { Walker } from './walker.ts'

/** What becomes of keys that an object does not list. */
type Fate = 'stripped' | 'refused' | 'kept'

const transitions: Readonly<Record<`${Fate} ${Fate}`, readonly [RuleId, string] | undefined>> = {
  'stripped kept': ['extra-keys-kept', 'Keys that are not listed are now kept'],
  'kept stripped': ['extra-keys-stripped', 'Keys that are not listed are now stripped'],
  'refused kept': ['extra-keys-allowed', 'Keys that are not listed are now allowed'],
  'kept refused': ['extra-keys-refused', 'Keys that are not listed are now refused'],
  'stripped refused': ['strict-introduced', 'Keys that are not listed are now refused instead of stripped'],
  'refused stripped': ['strict-lifted', 'Keys that are not listed are now stripped instead of refused'],
  'stripped stripped': undefined,
  'kept kept': undefined,
  'refused refused': undefined,
}

/** Compares what becomes of keys that an object does not list. */
export function walkExtra(from: ObjectShape, to: ObjectShape, pointer: string, walker: Walker): void {
  const place = stepInto(pointer, 'additionalProperties')
  const [old, next] = [extraOf(from), extraOf(to)]
  const transition = transitions[`${fateOf(old)} ${fateOf(next)}`]
  if (transition !== undefined) walker.note(transition[0], place, transition[1])
  else if (fateOf(old) === 'kept') walker.walk(old ?? true, next ?? true, place)
}

function extraOf({ extra, listed }: ObjectShape): JsonSchema | undefined {
  return extra === undefined && !listed ? true : extra
}

function fateOf(extra: JsonSchema | undefined): Fate {
  if (extra === undefined) return 'stripped'
  return extra === false ? 'refused' : 'kept'
}
