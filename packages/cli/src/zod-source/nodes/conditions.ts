import type { Condition, ObjectFacet, ValueType } from '../facets/facets.ts'
import { flatten } from '../facets/flatten.ts'
import type { Builder, Scope } from './builder.ts'
import type { Check } from './check.ts'
import { loosen } from './loosen.ts'
import type { Node } from './node.ts'
import { possibleTypes } from './union-options.ts'
import { joinViews, viewOf } from './view.ts'

/** A node with conditions on the whole value as checks. */
export function withConditions(
  node: Node,
  conditions: readonly Condition[],
  types: ReadonlySet<ValueType>,
  { properties }: ObjectFacet,
  builder: Builder,
  scope: Scope,
): Node {
  if (conditions.length === 0 || node.kind === 'never') return node
  const { definitions } = builder
  const memberTypes = new Map(
    [...properties].map(([name, schema]) => [name, possibleTypes(flatten(schema, definitions), definitions)]),
  )
  const { depth, open = [] } = scope
  const checking: Scope = { types, memberTypes, checking: true, depth, open }
  const checks = conditions.map((condition) => toCheck(condition, builder, checking))
  const loose = checks.reduce((current, { view }) => loosen(current, view), node)
  return { ...loose, checks: [...(loose.checks ?? []), ...checks] }
}

function toCheck(condition: Condition, builder: Builder, scope: Scope): Check {
  if (condition.kind !== 'when') {
    const view = viewOf(condition.schema, scope.types, builder.definitions)
    return { kind: condition.kind, node: builder.build(condition.schema, scope), view }
  }
  const parts = [condition.condition, condition.consequence, condition.otherwise].filter(
    (part) => part !== undefined,
  )
  return {
    kind: 'when',
    condition: builder.build(condition.condition, scope),
    ...(condition.consequence === undefined
      ? {}
      : { consequence: builder.build(condition.consequence, scope) }),
    ...(condition.otherwise === undefined ? {} : { otherwise: builder.build(condition.otherwise, scope) }),
    view: parts.map((part) => viewOf(part, scope.types, builder.definitions)).reduce(joinViews),
  }
}
