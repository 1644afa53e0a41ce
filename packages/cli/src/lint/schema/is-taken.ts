import type { ContractModel } from '../../model/contract-model.ts'
import { resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema } from '../../model/json-schema.ts'
import type { IsApart } from './is-apart.ts'
import { isOfType } from './is-of-type.ts'

/**
 * Whether readers, who take the first option of a union that fits, may take what was written by a later option for an earlier
 * one, and have something else then: fewer fields, another meaning, or another type in code. `false` in doubt.
 */
export function isTaken(
  written: JsonSchema,
  earlier: JsonSchema,
  definitions: ContractModel['definitions'],
  isApart: IsApart,
): boolean {
  const [left, right] = [resolveSchema(written, definitions), resolveSchema(earlier, definitions)]
  if (typeof left !== 'object' || typeof right !== 'object') return false
  if (isApart(left, right)) return false
  // Texts and numbers are what they are, whichever option they are read as, unless a codec makes something of them.
  if (left['x-codec'] !== right['x-codec'] || isOfType(left, 'object')) return true
  if (!isOfType(left, 'array') || left.items === undefined || right.items === undefined) return false
  return isTaken(left.items, right.items, definitions, isApart)
}
