import type { ChannelModel, ContractModel, EventModel, ParamModel } from '../model/contract-model.ts'
import type { JsonSchema, JsonSchemaObject } from '../model/json-schema.ts'
import type { Place } from '../model/place.ts'
import { subschemasOf } from '../model/subschemas.ts'

/** A part of a contract and where it is. */
export interface At<Part> {
  readonly part: Part
  readonly place: Place
}

/** A contract as rules look at it: each of its parts with its place, in the order of the contract. */
export interface Subject {
  readonly model: ContractModel
  readonly channels: readonly At<ChannelModel>[]
  readonly params: readonly At<ParamModel>[]
  /** Without the snapshots. */
  readonly events: readonly At<EventModel>[]
  readonly snapshots: readonly At<EventModel>[]
  /**
   * Every schema that data has to fit, those of definitions once, in their own place. What only decides whether others
   * hold, such as `not` and `if`, is not among them.
   */
  readonly schemas: readonly At<JsonSchemaObject>[]
}

export function subjectOf(model: ContractModel): Subject {
  const channels = model.channels.map((part) => ({ part, place: { channel: part.key } }))
  const params = channels.flatMap(({ part, place }) =>
    part.params.map((param) => ({ part: param, place: { ...place, param: param.name } })),
  )
  const events = channels.flatMap(({ part, place }) =>
    part.events.map((event) => ({ part: event, place: { ...place, event: event.name } })),
  )
  const snapshots = channels.flatMap(({ part, place }) =>
    part.snapshot === undefined
      ? []
      : [{ part: part.snapshot, place: { ...place, snapshot: true as const } }],
  )
  const roots: readonly At<JsonSchema>[] = [
    ...[...events, ...snapshots].map(({ part, place }) => ({ part: part.schema, place })),
    ...Object.entries(model.definitions).map(([definition, part]) => ({ part, place: { definition } })),
  ]
  return { model, channels, params, events, snapshots, schemas: roots.flatMap(within) }
}

const judging: ReadonlySet<string> = new Set(['not', 'if', 'contains', 'propertyNames'])

/** A schema and those in it, without following refs. */
function within({ part, place }: At<JsonSchema>): readonly At<JsonSchemaObject>[] {
  if (typeof part === 'boolean') return []
  const inner = subschemasOf(part)
    .filter(([, step]) => !judging.has(step))
    .flatMap(([child, step]) =>
      within({ part: child, place: { ...place, pointer: `${place.pointer ?? ''}/${step}` } }),
    )
  return [{ part, place }, ...inner]
}
