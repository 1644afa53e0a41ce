import { oddNames } from '../names/odd-names.ts'
import type { Rule } from '../rule.ts'

export const paramNameStyle: Rule = {
  severity: 'warning',
  summary: 'a name of a param in another style than most',
  check({ params }) {
    return oddNames(params.map(({ part, place }) => ({ name: part.name, place })))
  },
}
