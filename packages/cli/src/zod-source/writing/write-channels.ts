import type { ChannelModel, ContractModel, EventModel, ParamModel } from '../../model/contract-model.ts'
import type { Located } from '../facets/located.ts'
import type { Doc } from '../layout/doc.ts'
import { call, commented, objectLiteral, property, stringLiteral } from '../layout/literal.ts'
import { placeOf } from '../nodes/build-contract.ts'
import type { Expression } from './expression.ts'
import type { Writer } from './writer.ts'

/** What writes the schemas of channels. */
export interface ChannelTools extends Pick<Writer, 'flavour' | 'importName'> {
  /** The schema of an event as an expression, with the words of the event; maybe the name of a constant. */
  writeEvent(event: EventModel): Expression
  /** The schema of a param; `undefined` where it may be any text. */
  writeParam(param: ParamModel): Expression | undefined
  loss(place: Located, message: string): void
}

/** The contract itself. */
export function writeContract(name: string, model: ContractModel, tools: ChannelTools): Doc {
  const members = [
    property('name', stringLiteral(model.name)),
    property('version', stringLiteral(model.version)),
    ...text('title', model.title),
    ...text('description', model.description),
    property(
      'channels',
      objectLiteral(
        model.channels.map((channel) => writeChannel(channel, tools)),
        { broken: true },
      ),
    ),
  ]
  const contract = objectLiteral(members, { broken: true })
  return commented({ text: model.description }, [
    `export const ${name} = `,
    call(tools.importName('defineContract'), [contract], { hug: true }),
  ])
}

function writeChannel(channel: ChannelModel, tools: ChannelTools): Doc {
  const { key, path, description, deliver, events, snapshot } = channel
  const params = channel.params.flatMap((param): Doc[] => {
    const schema = tools.writeParam(param)
    return schema === undefined ? [] : [property(param.name, tools.flavour.print(schema))]
  })
  const written = events.map((event) => writeEvent(event, channel, tools))
  const options = [
    ...text('description', description),
    ...(params.length === 0
      ? []
      : [property('params', objectLiteral(params, { broken: params.length > 1 }))]),
    property('events', objectLiteral(written, { broken: true })),
    ...(snapshot === undefined ? [] : [property('snapshot', writeSnapshot(snapshot, channel, tools))]),
    ...(deliver === 'every' ? [] : [property('deliver', stringLiteral(deliver))]),
  ]
  const value = call(
    tools.importName('channel'),
    [stringLiteral(path), objectLiteral(options, { broken: true })],
    { hug: true },
  )
  return commented({ text: description }, property(key, value))
}

function writeEvent(event: EventModel, channel: ChannelModel, tools: ChannelTools): Doc {
  const schema = tools.flavour.print(tools.writeEvent(event))
  const { name, version, description, deprecated, upgradesFrom = [] } = event
  if (upgradesFrom.length > 0) {
    const versions = upgradesFrom.map((older) => `version ${older}`).join(', ')
    tools.loss(
      placeOf(event, channel),
      `the upgrades from ${versions} are code; write them as "upgrade" of the event`,
    )
  }
  const options = objectLiteral([property('version', String(version))])
  const value = version === 1 ? schema : call(tools.importName('event'), [schema, options], { hug: true })
  return commented({ text: description, deprecated }, property(name, value))
}

function writeSnapshot(snapshot: EventModel, channel: ChannelModel, tools: ChannelTools): Doc {
  if (snapshot.version !== 1)
    tools.loss(placeOf(snapshot, channel), 'a snapshot has no version; it is left out')
  return tools.flavour.print(tools.writeEvent(snapshot))
}

function text(key: string, value: string | undefined): readonly Doc[] {
  return value === undefined ? [] : [property(key, stringLiteral(value))]
}
