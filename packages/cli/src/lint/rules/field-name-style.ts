import { stepInto } from '../../model/place.ts'
import { oddNames } from '../names/odd-names.ts'
import type { Rule } from '../rule.ts'

export const fieldNameStyle: Rule = {
  severity: 'warning',
  summary: 'a name of a field in another style than most',
  check({ schemas }) {
    const fields = schemas.flatMap(({ part, place }) =>
      Object.keys(part.properties ?? {}).map((name) => ({
        name,
        place: { ...place, pointer: stepInto(place.pointer ?? '', 'properties', name) },
      })),
    )
    return oddNames(fields)
  },
}
