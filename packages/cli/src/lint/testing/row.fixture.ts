import { channel, defineContract, type EventSpec, type Schema } from '@millrace/contract'
import type { ContractReading } from '../../contract-reader/read-contract.ts'
import { readContract } from '../../contract-reader/read-contract.ts'
import type { ContractModel } from '../../model/contract-model.ts'
import type { JsonSchema } from '../../model/json-schema.ts'
import { formatPlace } from '../../model/place.ts'
import { lintContract } from '../lint-contract.ts'
import { lintProblems } from '../lint-problems.ts'
import type { RuleId } from '../rules.ts'

/** A contract, and where one rule finds something in it: places as people read them. */
export interface Row {
  readonly rule: RuleId
  readonly what: string
  readonly reading: ContractReading
  readonly places: readonly string[]
}

/** A contract as people write it. */
export function contract(
  rule: RuleId,
  what: string,
  options: Partial<Parameters<typeof defineContract>[0]>,
  places: Row['places'],
): Row {
  const defined = defineContract({ name: 'a', version: '1.0.0', channels: {}, ...options })
  return { rule, what, reading: readContract(defined, { file: 'a.ts' }), places }
}

/** A contract of one channel `c` with these events. */
export function events(
  rule: RuleId,
  what: string,
  named: Readonly<Record<string, Schema | EventSpec<Schema>>>,
  places: Row['places'],
): Row {
  return contract(rule, what, { channels: { c: channel('c', { events: named }) } }, places)
}

/** A contract of one event `c.e` with this data. Places start within it. */
export function data(rule: RuleId, what: string, schema: Schema, places: Row['places'] = []): Row {
  return events(
    rule,
    what,
    { e: schema },
    places.map((place) => (place.startsWith('/') ? `c.e #${place}` : place === '' ? 'c.e' : place)),
  )
}

/** One event `c.e` that only a document could hold. */
export function model(
  rule: RuleId,
  what: string,
  schema: JsonSchema,
  places: Row['places'] = [],
  definitions: ContractModel['definitions'] = {},
): Row {
  const event = { name: 'e', version: 1, schema }
  const c = { key: 'c', path: 'c', deliver: 'every' as const, params: [], events: [event] }
  const reading = { model: { name: 'a', version: '1.0.0', channels: [c], definitions }, problems: [] }
  return {
    rule,
    what,
    reading,
    places: places.map((place) => (place.startsWith('/') ? `c.e #${place}` : place === '' ? 'c.e' : place)),
  }
}

/** Where the row's rule finds something. */
export function placesIn({ rule, reading }: Row): readonly string[] {
  const found = [
    ...lintProblems(reading.problems, { on: [rule] }),
    ...(reading.model === undefined ? [] : lintContract(reading.model, { on: [rule] })),
  ]
  return found.filter((finding) => finding.rule === rule).map(({ place }) => formatPlace(place))
}
