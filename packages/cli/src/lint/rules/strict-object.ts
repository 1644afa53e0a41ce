import type { Rule } from '../rule.ts'

export const strictObject: Rule = {
  severity: 'warning',
  summary: 'an object that refuses keys which it does not list',
  onRequest: true,
  *check({ schemas }) {
    for (const { part, place } of schemas) {
      if (part.additionalProperties !== false || part.properties === undefined) continue
      const message = 'refuses keys that it does not list, so no field can be added to it; let it strip them'
      yield { place, message }
    }
  },
}
