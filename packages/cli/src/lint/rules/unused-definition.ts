import { reachableNames } from '../../model/definitions.ts'
import type { Rule } from '../rule.ts'

export const unusedDefinition: Rule = {
  severity: 'warning',
  summary: 'a definition that no event, snapshot or param refers to',
  *check({ events, snapshots, params, model: { definitions } }) {
    const roots = [...events, ...snapshots, ...params].map(({ part }) => part.schema)
    const used = new Set(roots.flatMap((root) => reachableNames(root, definitions)))
    for (const definition of Object.keys(definitions)) {
      if (used.has(definition)) continue
      yield {
        place: { definition },
        message: 'is used by no event, snapshot or param; use it, or leave it out',
      }
    }
  },
}
