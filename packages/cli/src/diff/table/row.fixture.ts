import { type AnyChannel, channel, defineContract, type Schema } from '@millrace/contract'
import type * as z from 'zod'
import { readContract } from '../../contract-reader/read-contract.ts'
import type { ContractModel } from '../../model/contract-model.ts'
import type { JsonSchema } from '../../model/json-schema.ts'
import type { Level } from '../level.ts'

/** A change that somebody makes to a contract, and what is to be said of it. */
export interface Row {
  readonly change: string
  readonly old: ContractModel
  readonly next: ContractModel
  /** Each by its rule and its place: `required-property-added orders.placed #/properties/at`. */
  readonly changes: readonly string[]
  readonly verdict: readonly [wire: Level, source: Level, replay: Level]
  /** The schemas where the change is one of data, to be tried on values. */
  readonly data?: {
    readonly old: Schema
    readonly next: Schema
    /** Values that chance would not find. */
    readonly values: readonly unknown[]
  }
}

/** A change between contracts as people write them. */
export function contracts(
  change: string,
  old: Readonly<Record<string, AnyChannel>>,
  next: Readonly<Record<string, AnyChannel>>,
  changes: Row['changes'],
  verdict: Row['verdict'],
): Row {
  return { change, old: modelOf(old), next: modelOf(next), changes, verdict }
}

/** A change between contracts that only a document could hold. */
export function models(
  change: string,
  old: ContractModel,
  next: ContractModel,
  changes: Row['changes'],
  verdict: Row['verdict'],
): Row {
  return { change, old, next, changes, verdict }
}

/** A change of an event's data that Zod has no words for. Places start within the event. */
export function schemas(
  change: string,
  old: JsonSchema,
  next: JsonSchema,
  changes: Row['changes'],
  verdict: Row['verdict'],
  definitions: readonly [old: ContractModel['definitions'], next: ContractModel['definitions']] = [{}, {}],
): Row {
  const model = (schema: JsonSchema, defined: ContractModel['definitions']): ContractModel => ({
    ...empty,
    channels: [{ ...things, events: [{ name: 'happened', version: 1, schema }] }],
    definitions: defined,
  })
  return {
    change,
    old: model(old, definitions[0]),
    next: model(next, definitions[1]),
    changes: changes.map(within),
    verdict,
  }
}

/** A change of an event's data. What it is to source code, TypeScript itself confirms. Places start within the event. */
export function data<Old extends Schema, Next extends Schema>(
  change: string,
  old: Old,
  next: Next,
  changes: Row['changes'],
  verdict: readonly [wire: Level, source: SourceLevel<z.output<Old>, z.output<Next>>, replay: Level],
  values: readonly unknown[] = [],
): Row {
  return {
    change,
    old: modelOf(holding(old)),
    next: modelOf(holding(next)),
    changes: changes.map(within),
    verdict,
    data: { old, next, values },
  }
}

/** A contract without anything in it. */
export const empty: ContractModel = { name: 'shop', version: '1.0.0', channels: [], definitions: {} }

const things = { key: 'things', path: 'things', deliver: 'every', params: [], events: [] } as const

function holding(schema: Schema): Readonly<Record<string, AnyChannel>> {
  return { things: channel('things', { events: { happened: schema } }) }
}

function modelOf(channels: Readonly<Record<string, AnyChannel>>): ContractModel {
  const contract = defineContract({ name: 'shop', version: '1.0.0', channels })
  const { model, problems } = readContract(contract, { file: 'shop.ts' })
  if (model === undefined || problems.length > 0) throw new Error(JSON.stringify(problems))
  return model
}

function within(change: string): string {
  const [rule, ...pointer] = change.split(' ')
  return [rule, 'things.happened', ...pointer].join(' ')
}

/** `major` where code that was written for the old type may not compile with the new one. */
type SourceLevel<Old, Next> = [Next] extends [Old]
  ? [Old] extends [Next]
    ? [Path<Old>] extends [Path<Next>]
      ? Exclude<Level, 'major'>
      : 'major'
    : 'major'
  : 'major'

/** Every member that code can name: `lines.price`. */
type Path<T> = T extends readonly (infer Item)[]
  ? Path<Item>
  : T extends object
    ? {
        [Key in keyof T & string]-?: Key | `${Key}.${Path<NonNullable<T[Key]>>}`
      }[keyof T & string]
    : never
