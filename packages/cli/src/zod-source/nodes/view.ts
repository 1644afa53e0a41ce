import type { Facets, ValueType } from '../facets/facets.ts'
import { type Definitions, flatten } from '../facets/flatten.ts'
import type { Located } from '../facets/located.ts'
import { isAnyArray } from './build-array.ts'
import { isAnyNumber } from './build-number.ts'
import { isAnyString } from './build-string.ts'
import type { View } from './check.ts'

/** What of a value of these types a schema looks at. */
export function viewOf(
  place: Located,
  types: ReadonlySet<ValueType>,
  definitions: Definitions,
  depth = 0,
): View {
  const facets = flatten(place, definitions)
  if (depth > 8 || facets.values !== undefined || looksInside(facets, types)) return 'all'
  const inner = [
    ...facets.alternatives.flatMap(({ schemas }) => schemas),
    ...facets.conditions.flatMap((condition) =>
      condition.kind === 'when'
        ? [condition.condition, condition.consequence, condition.otherwise].filter(
            (part) => part !== undefined,
          )
        : [condition.schema],
    ),
  ]
  return inner
    .map((schema) => viewOf(schema, types, definitions, depth + 1))
    .reduce(joinViews, types.has('object') ? viewOfObject(facets) : noView)
}

const noView: View = { names: new Set(), values: new Set() }

export function joinViews(left: View, right: View): View {
  if (left === 'all' || right === 'all') return 'all'
  return {
    names: left.names === 'all' || right.names === 'all' ? 'all' : new Set([...left.names, ...right.names]),
    values: new Set([...left.values, ...right.values]),
  }
}

function looksInside({ array, string, number }: Facets, types: ReadonlySet<ValueType>): boolean {
  return (
    (types.has('array') && !isAnyArray(array)) ||
    (types.has('string') && !isAnyString(string)) ||
    (types.has('number') && !isAnyNumber(number))
  )
}

function viewOfObject({ object }: Facets): View {
  const { properties, required, patterns, additional, names, minimum, maximum } = object
  const isOpen = additional === undefined || additional.schema === true
  if (patterns.size > 0 || (!isOpen && additional.schema !== false)) return 'all'
  const counted = names.length > 0 || minimum !== undefined || maximum !== undefined || !isOpen
  const values = [...properties].filter(([, { schema }]) => schema !== true).map(([name]) => name)
  return { names: counted ? 'all' : new Set([...required, ...properties.keys()]), values: new Set(values) }
}
