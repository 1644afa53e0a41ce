import type { ContractModel, EventModel } from '../../model/contract-model.ts'
import { extensions } from '../../model/extensions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { present } from '../document.ts'
import { snapshotEvent } from '../wire/snapshot.ts'
import { toComponentSchema } from './schema-2020.ts'

/** The version of OpenAPI. In 3.1 a media type has no `itemSchema`, and what its `schema` says of a stream is a convention. */
export type OpenApiVersion = '3.2' | '3.1'

/** The fields of one Server-Sent Event that carries an event of a channel. */
export function eventItem(
  event: EventModel,
  model: ContractModel,
  version: OpenApiVersion,
  snapshot = false,
): object {
  const payload = payloadSchema(event, model)
  return present({
    type: 'object',
    properties: {
      id: { description: 'The cursor to resume from after this event.', type: 'string' },
      event: { type: 'string', const: snapshot ? snapshotEvent : event.name },
      topic: { description: 'The address that it was published to.', type: 'string' },
      ...(snapshot ? ofSnapshots : ofEvents),
      version: {
        description: 'The version of its schema; 1 when absent.',
        type: 'string',
        pattern: '^\\d+$',
      },
      // A field of an event is a text. 3.2 says what the text holds; in 3.1 readers expect what it holds itself.
      data:
        version === '3.2'
          ? { type: 'string', contentMediaType: 'application/json', contentSchema: payload }
          : payload,
    },
    required: [...(snapshot ? [] : ['id']), 'event', 'topic', 'data'],
    [extensions.version]: event.version === 1 ? undefined : event.version,
    [extensions.upgradesFrom]: event.upgradesFrom,
    [extensions.snapshot]: snapshot || undefined,
  })
}

const ofEvents = {
  time: {
    description: 'When it was published, in milliseconds since 1970.',
    type: 'string',
    pattern: '^\\d+$',
  },
  trace: {
    description: 'The trace that it was published in: a `traceparent` of W3C Trace Context.',
    type: 'string',
  },
}

const ofSnapshots = {
  at: { description: 'The cursor of the state, where that is not the `id` of its own.', type: 'string' },
}

function payloadSchema(
  { schema, title, description, deprecated, examples }: EventModel,
  { definitions }: ContractModel,
): JsonSchema {
  const inner = toComponentSchema(schema, definitions)
  const said = present({ title, description, deprecated, examples })
  if (Object.keys(said).length === 0) return inner
  const object: JsonSchemaObject = inner === true ? {} : inner === false ? { not: {} } : inner
  return { ...said, ...object }
}

/** The events that belong to the wire itself, and stand in every stream. */
export const controlItem: object = {
  description:
    'What the stream says of itself. `millrace.open` comes first; `millrace.reset` says that a topic could not go on where it was; ' +
    '`millrace.end` that a topic is complete; `millrace.bye` that the server ends the stream. Others may come; ignore them.',
  type: 'object',
  properties: {
    id: { type: 'string' },
    event: { type: 'string', pattern: '^millrace\\.' },
    topic: { type: 'string' },
    retry: {
      description: 'How long to wait before coming back, in milliseconds.',
      type: 'integer',
      minimum: 0,
    },
    data: { type: 'string', contentMediaType: 'application/json', contentSchema: { type: 'object' } },
  },
  required: ['event', 'data'],
  [extensions.control]: true,
}
