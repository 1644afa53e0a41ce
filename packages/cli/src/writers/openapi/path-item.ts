import type { ChannelModel, ContractModel } from '../../model/contract-model.ts'
import { extensions } from '../../model/extensions.ts'
import { toPascalCase } from '../../model/names.ts'
import { present } from '../document.ts'
import { eventParameter, topicParameter } from '../wire/query.ts'
import { refusals } from '../wire/refusals.ts'
import type { ComponentNames } from './component-names.ts'
import { schemaRef, toComponentSchema } from './schema-2020.ts'
import { queryItem, sharedParameters } from './shared-parts.ts'
import type { OpenApiVersion } from './stream-item.ts'

/** The path that streams one topic of a channel. */
export function channelPath(
  channel: ChannelModel,
  model: ContractModel,
  names: ComponentNames,
  version: OpenApiVersion,
): object {
  const { key, path, params, deliver, description } = channel
  return {
    get: present({
      operationId: `stream${toPascalCase(key) || key}`,
      summary: `Events of ${path}`,
      description,
      tags: [key],
      parameters: [
        ...params.map((param) =>
          present({
            name: param.name,
            in: 'path',
            required: true,
            description: param.description,
            schema: toComponentSchema(param.schema, model.definitions),
          }),
        ),
        queryItem(eventParameter([channel])),
        ...sharedParameters,
      ],
      responses: responses([names.channel(channel), names.control], version),
      [extensions.channel]: present({ key, path, deliver: deliver === 'every' ? undefined : deliver }),
    }),
  }
}

/** The path that streams any number of topics, of all channels. */
export function basePath(
  { channels }: ContractModel,
  names: ComponentNames,
  version: OpenApiVersion,
): object {
  return {
    get: {
      operationId: 'streamTopics',
      summary: 'Events of any topics',
      description: 'One stream for any number of topics, of all channels.',
      parameters: [
        { ...queryItem(topicParameter(channels)), required: true },
        queryItem(eventParameter(channels)),
        ...sharedParameters,
      ],
      responses: responses([...channels.map(names.channel), names.control], version),
    },
  }
}

function responses(items: readonly string[], version: OpenApiVersion): object {
  const item = { anyOf: items.map((name) => ({ $ref: schemaRef(name) })) }
  return {
    '200': {
      description:
        'The stream. It stays open; comment lines between events say that it is alive. ' +
        'After a break, ask again with the last `id` as `last-event-id`.',
      content: { 'text/event-stream': version === '3.2' ? { itemSchema: item } : { schema: item } },
    },
    ...Object.fromEntries(
      refusals.map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]),
    ),
  }
}
