import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import { erase } from './shape/erase.ts'
import { createScope, type Scope } from './shape/scope.ts'
import { createJudge } from './shape/subset.ts'

/** The two contracts that are compared: what is known of the schemas of each, and who can read what the other writes. */
export interface Comparison {
  readonly before: Scope
  readonly after: Scope
  /** Whether old clients can read what new servers write. */
  wireHolds(old: JsonSchema, next: JsonSchema): boolean
  /** Whether new clients can read what old servers wrote. */
  replayHolds(old: JsonSchema, next: JsonSchema): boolean
  /** Whether code that was written for the old type compiles with the new one, on both sides. */
  sourceHolds(old: JsonSchema, next: JsonSchema): boolean
}

type Definitions = ContractModel['definitions']

export function createComparison(oldDefinitions: Definitions, newDefinitions: Definitions): Comparison {
  const before = createScope(oldDefinitions)
  const after = createScope(newDefinitions)
  const typesBefore = createScope(eraseAll(oldDefinitions))
  const typesAfter = createScope(eraseAll(newDefinitions))
  const oldReader = createJudge(after, before)
  const newReader = createJudge(before, after, 'history')
  const oldSubscriber = createJudge(typesAfter, typesBefore)
  // A property that the new type does not list can be neither read nor written, although nobody minds its value.
  const oldPublisher = createJudge(typesBefore, typesAfter, 'types')

  return {
    before,
    after,
    wireHolds: (schema, changed) => oldReader.reads(changed, schema),
    replayHolds: (schema, changed) => newReader.reads(schema, changed),
    sourceHolds(schema, changed) {
      const [old, next] = [erase(schema), erase(changed)]
      return oldSubscriber.reads(next, old) && oldPublisher.reads(old, next)
    },
  }
}

function eraseAll(definitions: Definitions): Definitions {
  return Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, erase(schema)]))
}
