import type { ContractModel } from '../../model/contract-model.ts'
import { reachableNames } from '../../model/definitions.ts'
import type { JsonSchema } from '../../model/json-schema.ts'

/** The names of the definitions that these schemas refer to, each after those that it stands on, where there is such an order. */
export function orderDefinitions(
  roots: readonly JsonSchema[],
  definitions: ContractModel['definitions'],
): readonly string[] {
  const ordered: string[] = []
  const seen = new Set<string>()
  const visit = (name: string) => {
    if (seen.has(name)) return
    seen.add(name)
    for (const below of reachableNames(definitions[name] ?? true, definitions)) visit(below)
    ordered.push(name)
  }
  for (const root of roots) for (const name of reachableNames(root, definitions)) visit(name)
  return ordered
}
