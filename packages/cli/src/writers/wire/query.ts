import type { ChannelModel } from '../../model/contract-model.ts'
import type { JsonSchemaObject } from '../../model/json-schema.ts'

/** A parameter of the request for a stream. */
export interface RequestParameter {
  readonly name: string
  readonly description: string
  readonly schema: JsonSchemaObject
}

/** The query that asks for topics of these channels, as PROTOCOL.md has it. */
export function queryParameters(channels: readonly ChannelModel[]): readonly RequestParameter[] {
  return [topicParameter(channels), eventParameter(channels), fromParameter, cursorParameter, modeParameter]
}

export function topicParameter(channels: readonly ChannelModel[]): RequestParameter {
  const [channel] = channels
  const pattern = channel?.path.replaceAll(/\{[^}]+\}/g, '*') ?? 'orders/*'
  const event = channel?.events[0]?.name ?? 'placed'
  return {
    name: 'topic',
    description:
      `A topic to follow; several are allowed. \`*\` in place of a param stands for every topic: \`${pattern}\`. ` +
      `Options follow after semicolons: \`${pattern};from=earliest;events=${event}\`.`,
    schema: { type: 'array', items: { type: 'string' }, minItems: 1 },
  }
}

export function eventParameter(channels: readonly ChannelModel[]): RequestParameter {
  const names = new Set(channels.flatMap(({ events }) => events.map(({ name }) => name)))
  return {
    name: 'event',
    description: 'Only events with these names. All when absent.',
    schema: {
      type: 'array',
      items: names.size === 0 ? { type: 'string' } : { type: 'string', enum: [...names] },
    },
  }
}

export const fromParameter: RequestParameter = {
  name: 'from',
  description: 'Where to begin when there is no cursor: `now`, `earliest`, or after a cursor.',
  schema: { type: 'string', default: 'now' },
}

export const cursorParameter: RequestParameter = {
  name: 'last-event-id',
  description: 'The cursor to resume after: the last `id` that was received.',
  schema: { type: 'string' },
}

export const modeParameter: RequestParameter = {
  name: 'mode',
  description: '`poll` ends the stream after the first events, or after a while without any.',
  schema: { type: 'string', enum: ['stream', 'poll'], default: 'stream' },
}

/** The header that a reconnecting EventSource sends by itself. */
export const cursorHeader: RequestParameter = {
  name: 'Last-Event-ID',
  description: 'As `last-event-id`, over which it wins. A reconnecting EventSource sends it by itself.',
  schema: { type: 'string' },
}
