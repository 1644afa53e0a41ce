import type { ChannelModel, ContractModel, EventModel, ParamModel } from '../../model/contract-model.ts'
import { stepInto } from '../../model/place.ts'
import { valueTypes } from '../facets/facets.ts'
import type { Located } from '../facets/located.ts'
import type { Builder, Scope } from './builder.ts'
import type { Node } from './node.ts'

/** All nodes of a contract. */
export interface ContractNodes {
  /** Those of the definitions, with those that were found to be needed. */
  readonly definitions: ReadonlyMap<string, Node>
  /** Those of events, snapshots and params, in the order of the source. */
  readonly uses: ReadonlyMap<EventModel | ParamModel, Node>
}

const atTop: Scope = { types: new Set(valueTypes), checking: false, depth: 0 }

/** Makes the nodes of a contract. */
export function buildContract({ channels, definitions }: ContractModel, builder: Builder): ContractNodes {
  const nodes = new Map<string, Node>()
  for (const [name, schema] of Object.entries(definitions)) {
    if (builder.isInlined(name)) continue
    nodes.set(name, builder.build({ schema, pointer: stepInto('#', 'definitions', name) }, atTop))
  }
  const uses = new Map<EventModel | ParamModel, Node>()
  for (const channel of channels) {
    for (const param of channel.params) {
      const pointer = stepInto('#', 'channels', channel.key, 'params', param.name)
      const scope = { ...atTop, types: new Set(['string'] as const) }
      uses.set(param, builder.build({ schema: param.schema, pointer }, scope))
    }
    const { events, snapshot } = channel
    for (const event of snapshot === undefined ? events : [...events, snapshot]) {
      uses.set(event, builder.build(placeOf(event, channel), atTop))
    }
  }
  // One that is built may find others.
  for (const [name, place] of builder.hoisted) nodes.set(name, builder.build(place, atTop))
  return { definitions: nodes, uses }
}

/** Where the schema of an event, or of the channel's snapshot, is in the model. */
export function placeOf(event: EventModel, { key, snapshot }: ChannelModel): Located {
  const steps = event === snapshot ? ['snapshot'] : ['events', event.name]
  return { schema: event.schema, pointer: stepInto('#', 'channels', key, ...steps, 'schema') }
}
