import { isObject } from '../source/json-record.ts'
import { keyOf, membersOf, type Place } from '../source/place.ts'
import { dropped, keyword, type SchemaContext } from './schema-context.ts'

/** Reads `dependentRequired`, `dependentSchemas` and what was both, `dependencies`, as conditions. */
export function readDependencies(context: SchemaContext): void {
  for (const name of ['dependencies', 'dependentRequired', 'dependentSchemas']) {
    const place = keyword(context, name)
    if (place === undefined) continue
    if (!isObject(place.value)) {
      dropped(context, place, 'an object')
      continue
    }
    for (const child of membersOf(place)) {
      const consequence = readConsequence(context, child)
      if (consequence === undefined) continue
      const condition = { type: 'object', required: [keyOf(child)] }
      context.also.push(
        Object.fromEntries([
          ['if', condition],
          ['then', consequence],
        ]),
      )
    }
  }
}

function readConsequence(context: SchemaContext, place: Place) {
  if (typeof place.value === 'string') return { required: [place.value] }
  if (!Array.isArray(place.value)) return context.read(place)
  const names = place.value.filter((name) => typeof name === 'string')
  if (names.length < place.value.length) dropped(context, place, 'a list of names')
  return names.length === 0 ? undefined : { required: names }
}
