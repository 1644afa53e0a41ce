import { oddNames } from '../names/odd-names.ts'
import type { Rule } from '../rule.ts'

export const channelNameStyle: Rule = {
  severity: 'warning',
  summary: 'a name of a channel in another style than most',
  check({ channels }) {
    return oddNames(channels.map(({ part, place }) => ({ name: part.key, place })))
  },
}
