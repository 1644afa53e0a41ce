import type { ChannelModel } from '../../model/contract-model.ts'

/** The ids of the parts of the page, which links lead to. */
export function channelId({ key }: ChannelModel): string {
  return `channel-${key}`
}

export function eventId({ key }: ChannelModel, name: string): string {
  return `event-${key}-${name}`
}

export function snapshotId({ key }: ChannelModel): string {
  return `snapshot-${key}`
}

export function typeId(definition: string): string {
  return `type-${definition}`
}

export function typeHref(definition: string): string {
  return href(typeId(definition))
}

export function href(id: string): string {
  return `#${encodeURIComponent(id)}`
}
