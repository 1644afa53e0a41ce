import { oddNames } from '../names/odd-names.ts'
import type { Rule } from '../rule.ts'

export const eventNameStyle: Rule = {
  severity: 'warning',
  summary: 'a name of an event in another style than most',
  check({ events }) {
    return oddNames(events.map(({ part, place }) => ({ name: part.name, place })))
  },
}
