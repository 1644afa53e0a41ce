import type { Rule } from '../rule.ts'

export const missingUpgrade: Rule = {
  severity: 'warning',
  summary: 'an event of a version above 1 that no older version is upgraded to',
  *check({ events, snapshots }) {
    for (const { part, place } of [...events, ...snapshots]) {
      const { version, upgradesFrom = [] } = part
      if (version === 1 || upgradesFrom.length > 0) continue
      const message = `has version ${version} and no upgrade, so what was sent as ${version - 1} is lost on new subscribers; give it an upgrade from ${version - 1}`
      yield { place, message }
    }
  },
}
