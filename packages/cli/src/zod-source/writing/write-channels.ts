import type { ChannelModel, ContractModel, EventModel, ParamModel } from '../../model/contract-model.ts'
import type { Located } from '../facets/located.ts'
import { type Doc, hardLine } from '../layout/doc.ts'
import { call, commented, objectLiteral, property, stringLiteral } from '../layout/literal.ts'
import type { Node } from '../nodes/node.ts'
import type { Expression } from './expression.ts'
import { remarkLines } from './remarks.ts'
import type { Writer } from './writer.ts'

/** What writes the schemas of channels. */
export interface ChannelTools extends Pick<Writer, 'flavour' | 'descriptions' | 'width' | 'importName'> {
  /** The schema of an event as an expression, with the words of the event; maybe the name of a constant. */
  writeEvent(event: EventModel, place: Located, channel: ChannelModel): Expression
  /** The schema of a param; `undefined` where it may be any text. */
  writeParam(param: ParamModel, place: Located): Expression | undefined
  loss(place: Located, message: string): void
}

/** The contract itself. */
export function writeContract(name: string, model: ContractModel, tools: ChannelTools): Doc {
  const { title, description } = model
  const members = [
    property('name', stringLiteral(model.name)),
    property('version', stringLiteral(model.version)),
    ...(title === undefined ? [] : [property('title', stringLiteral(title))]),
    ...(description === undefined ? [] : [property('description', stringLiteral(description))]),
    property(
      'channels',
      objectLiteral(
        model.channels.map((channel) => writeChannel(channel, tools)),
        { broken: true },
      ),
    ),
  ]
  const contract = call(tools.importName('defineContract'), [objectLiteral(members, { broken: true })], {
    hug: true,
  })
  return commented(remarkLines({ ...(description === undefined ? {} : { description }) }, tools), [
    `export const ${name} = `,
    contract,
  ])
}

function writeChannel(channel: ChannelModel, tools: ChannelTools): Doc {
  const { key, path, description, snapshot } = channel
  const place = `#/channels/${key}`
  const params = channel.params.flatMap((param): Doc[] => {
    const schema = tools.writeParam(param, { schema: param.schema, pointer: `${place}/params/${param.name}` })
    return schema === undefined ? [] : [property(param.name, tools.flavour.print(schema))]
  })
  const options = [
    ...(description === undefined ? [] : [property('description', stringLiteral(description))]),
    ...(params.length === 0
      ? []
      : [property('params', objectLiteral(params, { broken: params.length > 1 }))]),
    property(
      'events',
      objectLiteral(
        channel.events.map((event) => writeEvent(event, channel, tools)),
        { broken: channel.events.length > 0 },
      ),
    ),
    ...(snapshot === undefined ? [] : [property('snapshot', writeSnapshot(snapshot, channel, tools))]),
    ...(channel.deliver === 'every' ? [] : [property('deliver', stringLiteral(channel.deliver))]),
  ]
  const comment = remarkLines({ ...(description === undefined ? {} : { description }) }, tools)
  const value = call(
    tools.importName('channel'),
    [stringLiteral(path), objectLiteral(options, { broken: true })],
    {
      hug: true,
    },
  )
  return commented(comment, property(key, value))
}

function writeEvent(event: EventModel, channel: ChannelModel, tools: ChannelTools): Doc {
  const place = { schema: event.schema, pointer: `#/channels/${channel.key}/events/${event.name}/schema` }
  const schema = tools.flavour.print(tools.writeEvent(event, place, channel))
  const { upgradesFrom = [] } = event
  if (upgradesFrom.length > 0) {
    tools.loss(
      place,
      `the upgrades from ${upgradesFrom.map((version) => `version ${version}`).join(', ')} are code; write them as "upgrade"`,
    )
  }
  const value =
    event.version === 1
      ? schema
      : call(
          tools.importName('event'),
          [schema, objectLiteral([property('version', String(event.version))])],
          { hug: true },
        )
  return commented(eventComment(event, tools), property(event.name, value))
}

function writeSnapshot(snapshot: EventModel, channel: ChannelModel, tools: ChannelTools): Doc {
  const place = { schema: snapshot.schema, pointer: `#/channels/${channel.key}/snapshot/schema` }
  if (snapshot.version !== 1) tools.loss(place, 'a snapshot has no version; it is left out')
  return tools.flavour.print(tools.writeEvent(snapshot, place, channel))
}

function eventComment({ description, deprecated }: EventModel, tools: ChannelTools): readonly string[] {
  return remarkLines(
    {
      ...(description === undefined ? {} : { description }),
      ...(deprecated === undefined ? {} : { deprecated }),
    },
    tools,
  )
}

/** What an event says to people, beside its schema. */
export function eventAnnotations({
  title,
  description,
  deprecated,
  examples,
}: EventModel): NonNullable<Node['annotations']> {
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(examples === undefined || examples.length === 0 ? {} : { examples }),
  }
}

/** Docs, each after an empty line. */
export function spaced(docs: readonly Doc[]): Doc {
  return docs.flatMap((doc, index): Doc[] => (index === 0 ? [doc] : [hardLine, hardLine, doc]))
}
