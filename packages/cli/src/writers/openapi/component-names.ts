import type { ChannelModel, ContractModel, EventModel } from '../../model/contract-model.ts'
import { toPascalCase } from '../../model/names.ts'

/** The names of the components that a document has beside the contract's own definitions. */
export interface ComponentNames {
  readonly control: string
  readonly problem: string
  event(event: EventModel): string
  channel(channel: ChannelModel): string
}

export function componentNames({ channels, definitions }: ContractModel): ComponentNames {
  const taken = new Set(Object.keys(definitions))
  const claim = (wanted: string) => {
    let name = wanted
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}${count}`
    taken.add(name)
    return name
  }
  const channelNames = new Map<ChannelModel, string>()
  const eventNames = new Map<EventModel, string>()
  for (const channel of channels) {
    const prefix = toPascalCase(channel.key) || 'Channel'
    channelNames.set(channel, claim(`${prefix}Stream`))
    for (const event of channel.events)
      eventNames.set(event, claim(`${prefix}${toPascalCase(event.name)}Event`))
    if (channel.snapshot !== undefined) eventNames.set(channel.snapshot, claim(`${prefix}SnapshotEvent`))
  }
  return {
    control: claim('ControlEvent'),
    problem: claim('Problem'),
    event: (event) => eventNames.get(event) as string,
    channel: (channel) => channelNames.get(channel) as string,
  }
}
