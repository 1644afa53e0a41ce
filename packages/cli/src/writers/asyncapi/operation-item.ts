import type { ChannelModel } from '../../model/contract-model.ts'
import { pointerStep } from '../../model/subschemas.ts'
import { queryParameters } from '../wire/query.ts'
import { snapshotEvent } from '../wire/snapshot.ts'

/** What the server does with a channel: it sends its events to whoever asks for them by HTTP. */
export function operationItem(channel: ChannelModel): object {
  const { key, path, events, snapshot } = channel
  const at = `#/channels/${pointerStep(key)}`
  const names = [...events.map(({ name }) => name), ...(snapshot === undefined ? [] : [snapshotEvent])]
  return {
    action: 'send',
    channel: { $ref: at },
    summary: `A stream of Server-Sent Events (text/event-stream) with the events of ${path}`,
    bindings: {
      http: {
        method: 'GET',
        query: {
          type: 'object',
          properties: Object.fromEntries(
            queryParameters([channel]).map(({ name, schema, description }) => [
              name,
              { ...schema, description },
            ]),
          ),
          required: ['topic'],
        },
        bindingVersion: '0.3.0',
      },
    },
    messages: names.map((name) => ({ $ref: `${at}/messages/${pointerStep(name)}` })),
  }
}
