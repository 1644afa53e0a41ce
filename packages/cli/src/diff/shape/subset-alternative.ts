import { fitsAlternative } from './fits.ts'
import { sameSchema } from './same-schema.ts'
import type { Scope } from './scope.ts'
import type { Alternative, LiteralShape } from './shape.ts'
import type { Judge, Reading } from './subset.ts'
import { arrayWithin } from './subset-array.ts'
import { objectWithin } from './subset-object.ts'
import { numberWithin, stringWithin } from './subset-scalars.ts'

/** What the comparison of two alternatives needs to go on. */
export interface Judging {
  readonly judge: Judge
  readonly written: Scope
  readonly read: Scope
  readonly reading: Reading
}

export function isWithinAlternative(writer: Alternative, reader: Alternative, judging: Judging): boolean {
  return conditionsHold(writer, reader) && isWithinBare(writer, reader, judging)
}

// What the reader asks for besides is given where the writer promises it in the same words.
function conditionsHold(writer: Alternative, reader: Alternative): boolean {
  return reader.conditions.every((asked) => writer.conditions.some((given) => sameSchema(given, asked)))
}

function isWithinBare(writer: Alternative, reader: Alternative, judging: Judging): boolean {
  if (writer.kind === 'literal') return literalWithin(writer, reader, judging)
  switch (reader.kind) {
    case 'literal':
      return false
    case 'number':
      return writer.kind === 'number' && numberWithin(writer, reader)
    case 'string':
      return writer.kind === 'string' && stringWithin(writer, reader)
    case 'array':
      return writer.kind === 'array' && arrayWithin(writer, reader, judging.judge)
    case 'object':
      return writer.kind === 'object' && objectWithin(writer, reader, judging)
  }
}

function literalWithin(writer: LiteralShape, reader: Alternative, { read }: Judging): boolean {
  const bare = { ...reader, conditions: [] }
  return fitsAlternative(writer.value, bare, read) === true
}
