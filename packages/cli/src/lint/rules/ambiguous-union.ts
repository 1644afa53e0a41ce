import { stepInto } from '../../model/place.ts'
import type { Rule } from '../rule.ts'
import { createApartness } from '../schema/is-apart.ts'
import { isTaken } from '../schema/is-taken.ts'

export const ambiguousUnion: Rule = {
  severity: 'warning',
  summary: 'a union with an option whose values an earlier one takes for its own',
  *check({ schemas, model: { definitions } }) {
    const isApart = createApartness(definitions)
    for (const { part, place } of schemas) {
      const keyword = part.oneOf === undefined ? 'anyOf' : 'oneOf'
      for (const [index, option] of (part[keyword] ?? []).entries()) {
        const earlier = part[keyword]?.slice(0, index) ?? []
        const taker = earlier.findIndex((other) => isTaken(option, other, definitions, isApart))
        if (taker === -1) continue
        const message = `what is meant as option ${index + 1} may be read as option ${taker + 1}; tell them apart by a field with a constant, and use z.discriminatedUnion()`
        yield { place: { ...place, pointer: stepInto(place.pointer ?? '', keyword, index) }, message }
        break
      }
    }
  },
}
