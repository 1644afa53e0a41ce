import { stepInto } from '../../model/place.ts'
import { namedKeys } from '../shape/keys.ts'
import type { ObjectShape } from '../shape/shape.ts'
import { walkExtra } from './walk-extra.ts'
import { walkLimit } from './walk-limit.ts'
import { walkProperty } from './walk-property.ts'
import type { Walker } from './walker.ts'

export function walkObject(from: ObjectShape, to: ObjectShape, pointer: string, walker: Walker): void {
  const keys = new Set([...namedKeys(from), ...namedKeys(to)])
  for (const key of [...keys].sort()) walkProperty(key, from, to, pointer, walker)
  walkExtra(from, to, pointer, walker)
  walkPatterns(from, to, pointer, walker)
  walkNames(from, to, pointer, walker)
  walkLimit('minProperties', 'lower bound', [from.minimum, to.minimum], pointer, walker)
  walkLimit('maxProperties', 'upper bound', [from.maximum, to.maximum], pointer, walker)
}

function walkPatterns(from: ObjectShape, to: ObjectShape, pointer: string, walker: Walker): void {
  const patterns = new Set([...from.patterns, ...to.patterns].map(({ pattern }) => pattern))
  for (const pattern of [...patterns].sort()) {
    const old = from.patterns.find((property) => property.pattern === pattern)
    const next = to.patterns.find((property) => property.pattern === pattern)
    const place = stepInto(pointer, 'patternProperties', pattern)
    if (old !== undefined && next !== undefined) {
      walker.walk(old.schema, next.schema, place)
    } else {
      const what = next === undefined ? 'removed' : 'added'
      walker.note('pattern-properties-changed', place, `What keys like "${pattern}" hold was ${what}`)
    }
  }
}

function walkNames(from: ObjectShape, to: ObjectShape, pointer: string, walker: Walker): void {
  const any = { type: 'string' } as const
  const old = from.names === true ? any : from.names
  const next = to.names === true ? any : to.names
  walker.walk(old, next, stepInto(pointer, 'propertyNames'))
}
