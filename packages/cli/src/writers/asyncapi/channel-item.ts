import type { ChannelModel, ParamModel } from '../../model/contract-model.ts'
import { extensions } from '../../model/extensions.ts'
import { present } from '../document.ts'
import { toDraft7 } from '../schema/draft-7.ts'
import { snapshotEvent } from '../wire/snapshot.ts'
import { messageItem } from './message-item.ts'
import { schemaRef } from './schema-ref.ts'

export function channelItem(channel: ChannelModel): object {
  const { path, description, deliver, params, events, snapshot } = channel
  return present({
    address: path,
    description,
    messages: Object.fromEntries([
      ...events.map((event) => [event.name, messageItem(event)]),
      ...(snapshot === undefined
        ? []
        : [[snapshotEvent, { ...messageItem(snapshot, snapshotEvent), [extensions.snapshot]: true }]]),
    ]),
    parameters:
      params.length === 0
        ? undefined
        : Object.fromEntries(params.map((param) => [param.name, parameter(param)])),
    [extensions.deliver]: deliver === 'every' ? undefined : deliver,
  })
}

function parameter({ schema, description }: ParamModel): object {
  if (typeof schema === 'boolean') return present({ description })
  const { enum: listed, const: only, default: preset, examples } = schema
  const words = {
    type: 'string',
    enum: listed ?? (only === undefined ? undefined : [only]),
    default: preset,
    examples,
  }
  const said = present(words)
  const whole = toDraft7(schema, schemaRef)
  const same =
    Object.keys(schema).every((keyword) => Object.hasOwn(said, keyword)) && schema.type === 'string'
  return present({
    description,
    enum: words.enum,
    default: preset,
    examples,
    [extensions.schema]: same ? undefined : whole,
  })
}
