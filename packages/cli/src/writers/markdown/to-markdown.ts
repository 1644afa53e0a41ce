import type { ChannelModel, ContractModel, EventModel, ParamModel } from '../../model/contract-model.ts'
import { resolveSchema } from '../../model/definitions.ts'
import { curlLine, exampleAddress, patternOf } from '../documentation/channel-example.ts'
import { constraintsOf } from '../documentation/constraints.ts'
import { exampleOf, exampleValue } from '../documentation/example-value.ts'
import { fieldsOf } from '../documentation/field.ts'
import { jsonText } from '../documentation/json-text.ts'
import { typeLabel } from '../documentation/type-label.ts'
import { fieldTable } from './field-table.ts'
import { anchorOf, block, cell, cellCode, code, heading, labelText, prose, table } from './markdown-text.ts'

/** What documentation says that a contract does not. */
export interface DocumentationOptions {
  /** Where the streams are served, for the lines to try. @default 'http://localhost:4000/events' */
  readonly url?: string
}

/** A contract as documentation in Markdown, as GitHub shows it. */
export function toMarkdown(model: ContractModel, options: DocumentationOptions = {}): string {
  const { url = 'http://localhost:4000/events' } = options
  const { channels, definitions } = model
  const headings = new Map(Object.keys(definitions).map((name) => [name, typeHeading(name, model)]))
  const toHeading = (definition: string) => headings.get(definition) ?? definition
  const names = Object.keys(definitions)
  const parts = [
    `# ${heading(model.title ?? model.name)}`,
    `Version ${model.version}`,
    ...(model.description === undefined ? [] : [prose(model.description)]),
    contents(channels, names.length > 0),
    ...channels.flatMap((channel) => channelPart(channel, model, url, toHeading)),
    ...(names.length === 0 ? [] : ['## Types']),
    ...names.flatMap((name) => typePart(name, model, toHeading)),
  ]
  return `${parts.join('\n\n')}\n`
}

function contents(channels: readonly ChannelModel[], hasTypes: boolean): string {
  const rows = channels.map((channel) => [
    `[${cell(channel.key)}](#${anchorOf(channelHeading(channel))})`,
    cellCode(channel.path),
    channel.events.map(({ name }) => cellCode(name)).join(', '),
  ])
  return `${table(['channel', 'topics', 'events'], rows)}${hasTypes ? '\n\nShared shapes are under [Types](#types).' : ''}`
}

function channelPart(
  channel: ChannelModel,
  model: ContractModel,
  url: string,
  toHeading: (definition: string) => string,
): readonly string[] {
  const { params, events, snapshot, description, deliver } = channel
  return [
    `## ${heading(channelHeading(channel))}`,
    `Topics: ${code(channel.path)}`,
    ...(description === undefined ? [] : [prose(description)]),
    ...(deliver === 'latest' ? ['Under pressure a subscriber gets only the newest event of a topic.'] : []),
    ...(params.length === 0
      ? []
      : [
          table(
            ['param', 'type', ''],
            params.map((param) => paramRow(param, model, toHeading)),
          ),
        ]),
    'Try it:',
    block('sh', tryLines(channel, model, url).join('\n')),
    ...events.flatMap((event) => eventPart(`${channel.key}: ${event.name}`, event, model, toHeading)),
    ...(snapshot === undefined
      ? []
      : eventPart(
          `${channel.key}: snapshot`,
          snapshot,
          model,
          toHeading,
          'The state of a topic, before the events that change it.',
        )),
  ]
}

function tryLines(channel: ChannelModel, { definitions }: ContractModel, url: string): readonly string[] {
  const one = curlLine(url, exampleAddress(channel, definitions))
  return channel.params.length === 0 ? [one] : [one, curlLine(url, patternOf(channel))]
}

function paramRow(
  { name, schema, description }: ParamModel,
  { definitions }: ContractModel,
  toHeading: (definition: string) => string,
): readonly string[] {
  const notes = [description, ...(typeof schema === 'object' ? constraintsOf(schema) : [])]
  const words = notes.filter((note) => note !== undefined).join('; ')
  return [cellCode(name), labelText(typeLabel(schema, definitions), toHeading), cell(words)]
}

function eventPart(
  title: string,
  event: EventModel,
  model: ContractModel,
  toHeading: (definition: string) => string,
  note?: string,
): readonly string[] {
  const { definitions } = model
  const { schema, version, upgradesFrom = [], description, deprecated } = event
  const fields = fieldsOf(resolveSchema(schema, definitions) ?? schema, definitions)
  const isNamed = typeof schema === 'object' && schema.$ref !== undefined
  const older =
    upgradesFrom.length === 0 ? '' : `; older ones (${upgradesFrom.join(', ')}) are understood, too`
  return [
    `### ${heading(title)}`,
    ...(deprecated === true ? ['**Deprecated.**'] : []),
    ...(event.title === undefined ? [] : [`**${heading(event.title)}**`]),
    ...(description === undefined ? [] : [prose(description)]),
    ...(note === undefined ? [] : [note]),
    ...(version === 1 && older === '' ? [] : [`Version ${version}${older}.`]),
    ...(isNamed || fields.length === 0
      ? [`Data: ${labelText(typeLabel(schema, definitions), toHeading)}`]
      : []),
    ...fieldTable(fields, toHeading),
    block('json', jsonText(exampleOf(event, definitions))),
  ]
}

function typePart(
  name: string,
  { definitions }: ContractModel,
  toHeading: (definition: string) => string,
): readonly string[] {
  const schema = definitions[name] ?? true
  const fields = fieldsOf(schema, definitions)
  const said = typeof schema === 'object' ? schema : {}
  const rules = constraintsOf(said).join(', ')
  return [
    `### ${heading(toHeading(name))}`,
    ...(said.deprecated === true ? ['**Deprecated.**'] : []),
    ...(said.description === undefined ? [] : [prose(said.description)]),
    ...(fields.length > 0
      ? []
      : [
          `${labelText(typeLabel(schema, definitions), toHeading)}${rules === '' ? '' : ` (${prose(rules)})`}`,
        ]),
    ...fieldTable(fields, toHeading),
    block('json', jsonText(exampleValue({ $ref: `#/$defs/${name}` }, definitions))),
  ]
}

function channelHeading({ key }: ChannelModel): string {
  return `Channel ${key}`
}

/** The title of a type, with its name where another has the same title. */
function typeHeading(name: string, { definitions }: ContractModel): string {
  const titleOf = (one: string) => {
    const schema = definitions[one]
    return typeof schema === 'object' ? schema.title : undefined
  }
  const title = titleOf(name)
  if (title === undefined) return name
  const shared = Object.keys(definitions).some(
    (other) => other !== name && (titleOf(other) ?? other) === title,
  )
  return shared ? `${title} (${name})` : title
}
