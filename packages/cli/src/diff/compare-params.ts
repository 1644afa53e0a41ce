import type { ParamModel } from '../model/contract-model.ts'
import type { Change } from './change.ts'
import { compareDocumentation } from './compare-documentation.ts'
import type { Comparison } from './comparison.ts'
import type { Level } from './level.ts'
import { placeAt } from './note.ts'
import { compareSchemas } from './schema/compare-schemas.ts'
import type { SchemaChange } from './schema/walker.ts'

/** Compares two states of a param. */
export function compareParams(
  channel: string,
  param: string,
  old: ParamModel,
  next: ParamModel,
  comparison: Comparison,
): readonly Change[] {
  const place = { channel, param }
  return [
    ...compareDocumentation(documentationOf(old), documentationOf(next), place),
    ...compareSchemas(old.schema, next.schema, comparison).map(
      ({ rule, message, pointer, source, ...levels }): Change => ({
        rule,
        place: placeAt(place, pointer),
        message,
        wire: wireOf(levels),
        source,
        replay: levels.replay,
      }),
    ),
  ]
}

// An address is written by clients and read by servers, the other way than data: an address that old clients ask for and the
// log holds must stay one. A new one that old clients do not know takes nothing from them.
function wireOf({ wire, replay }: Pick<SchemaChange, 'wire' | 'replay'>): Level {
  if (replay === 'major') return 'major'
  return wire === 'major' ? 'minor' : wire
}

function documentationOf({ description }: ParamModel) {
  return description === undefined ? {} : { description }
}
