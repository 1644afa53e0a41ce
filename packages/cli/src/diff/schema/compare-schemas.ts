import type { JsonSchema } from '../../model/json-schema.ts'
import type { Comparison } from '../comparison.ts'
import type { Levels } from '../level.ts'
import { sameSchema } from '../shape/same-schema.ts'
import { type SchemaChange, walkSchemas } from './walker.ts'

/**
 * What differs between two schemas. Each difference is judged by itself first. Then the whole is: what is proved to be read is no
 * break, however it is written; what cannot be proved is one, even where no single difference seemed to be.
 */
export function compareSchemas(
  old: JsonSchema,
  next: JsonSchema,
  comparison: Comparison,
): readonly SchemaChange[] {
  const { before, after } = comparison
  const isSame = (annotations: boolean) =>
    sameSchema({ schema: old, scope: before }, { schema: next, scope: after }, annotations)
  if (isSame(true)) return []
  const found = walkSchemas(old, next, comparison)
  if (isSame(false))
    return found.length > 0 ? found : [rewritten('documentation-changed', 'Its documentation has changed')]

  const holds: Readonly<Record<keyof Levels, boolean>> = {
    wire: comparison.wireHolds(old, next),
    source: comparison.sourceHolds(old, next),
    replay: comparison.replayHolds(old, next),
  }
  const judged = found.map((change) => calm(change, holds))
  const unproven = audiences.filter(
    (audience) => !holds[audience] && !judged.some((change) => change[audience] === 'major'),
  )
  if (unproven.length > 0) return [...judged, unprovenChange(unproven)]
  return judged.length > 0
    ? judged
    : [rewritten('schema-rewritten', 'The schema is written in another way and means the same')]
}

const audiences = ['wire', 'source', 'replay'] as const

function calm(change: SchemaChange, holds: Readonly<Record<keyof Levels, boolean>>): SchemaChange {
  const calmed = audiences
    .filter((audience) => holds[audience] && change[audience] === 'major')
    .map((audience) => [audience, 'patch'])
  return { ...change, ...Object.fromEntries(calmed) }
}

function rewritten(rule: 'documentation-changed' | 'schema-rewritten', message: string): SchemaChange {
  return { rule, pointer: '', message, wire: 'none', source: 'patch', replay: 'none' }
}

function unprovenChange(unproven: readonly (keyof Levels)[]): SchemaChange {
  const level = (audience: keyof Levels) => (unproven.includes(audience) ? 'major' : 'none')
  return {
    rule: 'schema-unproven',
    pointer: '',
    message: 'Whether the new schema fits the old one cannot be proved, so it counts as a break',
    wire: level('wire'),
    source: level('source'),
    replay: level('replay'),
  }
}
