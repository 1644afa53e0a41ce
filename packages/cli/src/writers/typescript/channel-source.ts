import type { ChannelModel, EventModel, ParamModel } from '../../model/contract-model.ts'
import { toPascalCase } from '../../model/names.ts'
import { escapeToken } from '../../model/subschemas.ts'
import { codecLayout } from './codec-text.ts'
import { plainCodecOf } from './codecs.ts'
import { typeDeclarations } from './definition-source.ts'
import { type Layout, printLayout } from './layout.ts'
import { comment, objectOf, propertyName, quote } from './source-text.ts'
import type { SourceWriter } from './source-writer.ts'
import { typeLayout } from './type-text.ts'

/** A channel as it stands in the contract, and the types of its events, which stand above. */
export interface ChannelSource {
  readonly types: readonly string[]
  readonly entry: Layout
}

interface EventSource {
  readonly event: EventModel
  readonly codec: Layout | undefined
  /** The names of its types. */
  readonly data: string
  readonly wire: string
  readonly types: readonly string[]
}

export function channelSource(channel: ChannelModel, writer: SourceWriter): ChannelSource {
  const pointer = `#/channels/${escapeToken(channel.key)}`
  const events = channel.events.map((event) =>
    eventSource(event, `${pointer}/events/${escapeToken(event.name)}`, channel.key, writer),
  )
  const snapshot =
    channel.snapshot && eventSource(channel.snapshot, `${pointer}/snapshot`, channel.key, writer)
  const params = channel.params.flatMap((param) => paramCodec(param, pointer, writer))

  const options: readonly Layout[] = [
    ...(params.length === 0 ? [] : [['params: ', objectOf(params)]]),
    ['events: ', objectOf(events.map((event) => [`${propertyName(event.event.name)}: `, eventValue(event)]))],
    ...(snapshot === undefined ? [] : [['snapshot: ', eventValue(snapshot)]]),
    ...(channel.deliver === 'every' ? [] : [`deliver: ${quote(channel.deliver)}`]),
  ]
  const typeArguments: readonly Layout[] = [
    paramTypes(channel.params, writer),
    eventTypes(events),
    ...(snapshot === undefined ? [] : [sidesOf(snapshot)]),
  ]
  return {
    types: [...events, ...(snapshot === undefined ? [] : [snapshot])].flatMap(({ types }) => types),
    entry: [
      comment(channel.description, false),
      `${propertyName(channel.key)}: channel`,
      { open: '<', close: '>', items: typeArguments, separator: ',', broken: true, trailing: false },
      `(${quote(channel.path)}, `,
      objectOf(options, ',', true),
      ')',
    ],
  }
}

function eventSource(
  event: EventModel,
  pointer: string,
  channelKey: string,
  writer: SourceWriter,
): EventSource {
  const { schema, name, upgradesFrom = [] } = event
  if (upgradesFrom.length > 0) {
    writer.lose(
      pointer,
      `its upgrades are code, so events of version ${upgradesFrom.join(', ')} are reported as "no-upgrade"`,
    )
  }
  const codec = codecLayout(schema, `${pointer}/schema`, writer.codecs)
  if (typeof schema === 'object' && schema.$ref !== undefined) {
    const typeOf = (side: 'data' | 'wire') => printLayout(typeLayout(schema, side, writer.context))
    return { event, codec, data: typeOf('data'), wire: typeOf('wire'), types: [] }
  }
  const data = writer.claimType(`${toPascalCase(channelKey)}${toPascalCase(name)}`)
  const wire = writer.context.changes(schema) ? `${data}Wire` : data
  return { event, codec, data, wire, types: typeDeclarations(data, schema, event, writer) }
}

function eventValue({ event, codec }: EventSource): Layout {
  return objectOf([
    ...(event.version === 1 ? [] : [`version: ${event.version}`]),
    ...(codec === undefined ? [] : [['codec: ', codec] satisfies Layout]),
  ])
}

function eventTypes(events: readonly EventSource[]): Layout {
  const entries = events.map((source): Layout => {
    const { name, description, deprecated } = source.event
    return [comment(description, deprecated), `readonly ${propertyName(name)}: ${sidesOf(source)}`]
  })
  return objectOf(entries, ';', true)
}

function sidesOf({ data, wire }: EventSource): string {
  return `{ readonly data: ${data}; readonly wire: ${wire} }`
}

function paramTypes(params: readonly ParamModel[], { context }: SourceWriter): Layout {
  if (params.length === 0) return 'Record<never, never>'
  const entries = params.map(({ name, schema, description }): Layout => {
    const type = typeLayout(schema, 'data', context)
    const text = type === 'unknown' ? 'string' : type
    return [comment(description, false), `readonly ${propertyName(name)}: `, text]
  })
  return objectOf(entries, ';')
}

function paramCodec({ name, schema }: ParamModel, pointer: string, writer: SourceWriter): readonly Layout[] {
  if (typeof schema === 'boolean' || schema['x-codec'] === undefined) return []
  const codec = plainCodecOf(schema)
  if (codec !== undefined) return [`${propertyName(name)}: ${writer.codecs.use(codec.name)}`]
  writer.lose(
    `${pointer}/params/${name}`,
    `only its author knows the codec "${schema['x-codec']}", so it is a string here`,
  )
  return []
}
