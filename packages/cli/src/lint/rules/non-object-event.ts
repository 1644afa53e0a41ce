import type { Rule } from '../rule.ts'
import { type Kind, kindsOf } from '../schema/kinds.ts'

const nouns: Readonly<Record<Kind, string>> = {
  anything: 'anything',
  array: 'an array',
  boolean: 'a boolean',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a string',
}

export const nonObjectEvent: Rule = {
  severity: 'warning',
  summary: 'an event or a snapshot whose data is not an object',
  *check({ events, snapshots, model: { definitions } }) {
    for (const { part, place } of [...events, ...snapshots]) {
      const others = [...kindsOf(part.schema, definitions)].filter((kind) => kind !== 'object')
      if (others.length === 0) continue
      const what = others.map((kind) => nouns[kind]).join(' or ')
      yield {
        place,
        message: `its data may be ${what}, to which nothing can be added later; put it into a field of an object`,
      }
    }
  },
}
