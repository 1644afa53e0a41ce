import type { Rule } from '../rule.ts'

/** What a person reads through, and a compiler tells apart, without thinking of something else. */
const most = 25

export const hugeUnion: Rule = {
  severity: 'warning',
  summary: `a union of more than ${most} options`,
  *check({ schemas }) {
    for (const { part, place } of schemas) {
      const { length } = part.oneOf ?? part.anyOf ?? []
      if (length <= most) continue
      yield { place, message: `is a union of ${length} options; make several events of it` }
    }
  },
}
