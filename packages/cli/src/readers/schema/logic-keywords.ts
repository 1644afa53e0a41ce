import { elementsOf, keyOf } from '../source/place.ts'
import { dropped, keyword, type SchemaContext } from './schema-context.ts'

/** Reads what joins schemas: `allOf`, `anyOf`, `oneOf`, `not`, `if`. */
export function readLogicKeywords(context: SchemaContext): void {
  for (const name of ['anyOf', 'oneOf'] as const) {
    const place = keyword(context, name)
    if (place === undefined) continue
    if (Array.isArray(place.value) && place.value.length > 0) {
      context.out[name] = elementsOf(place).map(context.read)
    } else {
      dropped(context, place, 'a list with a schema in it')
    }
  }

  const all = keyword(context, 'allOf')
  if (Array.isArray(all?.value)) context.also.push(...elementsOf(all).map(context.read))
  else if (all !== undefined) dropped(context, all, 'a list of schemas')

  const not = keyword(context, 'not')
  if (not !== undefined) context.out.not = context.read(not)
  readCondition(context)
}

// Without an `if`, or with neither consequence, they say nothing.
function readCondition(context: SchemaContext): void {
  const condition = keyword(context, 'if')
  const then = keyword(context, 'then')
  const otherwise = keyword(context, 'else')
  if (condition === undefined || (then === undefined && otherwise === undefined)) return
  for (const part of [condition, then, otherwise]) {
    if (part !== undefined) context.out[keyOf(part)] = context.read(part)
  }
}
