import type { JsonSchema } from '../../model/json-schema.ts'
import type { Comparison } from '../comparison.ts'
import type { Levels } from '../level.ts'
import { type RuleId, rules } from '../rules.ts'
import { walkNode } from './walk-node.ts'

/** A difference between two schemas, at a JSON Pointer in them. */
export interface SchemaChange extends Levels {
  readonly rule: RuleId
  readonly pointer: string
  readonly message: string
}

/** Goes through two schemas side by side and notes what differs. */
export interface Walker {
  readonly comparison: Comparison
  /** Compares what stands at a place. A pair that was met before, as in a recursive schema, is not told again. */
  walk(old: JsonSchema, next: JsonSchema, pointer: string): void
  /** @param levels instead of those of the rule */
  note(rule: RuleId, pointer: string, message: string, levels?: Partial<Levels>): void
}

/** What differs between two schemas as they are written, each difference judged by itself. */
export function walkSchemas(
  old: JsonSchema,
  next: JsonSchema,
  comparison: Comparison,
): readonly SchemaChange[] {
  const { before, after } = comparison
  const met = new Set<string>()
  const changes = new Map<string, SchemaChange>()
  const walker: Walker = {
    comparison,
    walk(from, to, pointer) {
      const pair = `${before.idOf(before.resolve(from))} ${after.idOf(after.resolve(to))}`
      if (met.has(pair)) return
      met.add(pair)
      walkNode(from, to, pointer, walker)
    },
    note(rule, pointer, message, levels = {}) {
      changes.set(`${rule} ${pointer} ${message}`, { rule, pointer, message, ...rules[rule], ...levels })
    },
  }
  walker.walk(old, next, '')
  return [...changes.values()]
}
