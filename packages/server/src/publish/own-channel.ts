import type { AnyChannel, AnyContract, ChannelDefinition } from '@millrace/contract'

/** Finds a channel by its path, because two copies of a contract are two objects. Its own schemas judge address and data in each case. */
export function findChannel(
  contract: AnyContract,
  { path }: ChannelDefinition,
): ChannelDefinition | undefined {
  let channels = channelsByPath.get(contract)
  if (channels === undefined) {
    channels = new Map(Object.values(contract['~contract'].channels).map((own) => [own.path, own]))
    channelsByPath.set(contract, channels)
  }
  return channels.get(path)
}

// Asked for each event that is published.
const channelsByPath = new WeakMap<AnyContract, ReadonlyMap<string, ChannelDefinition>>()

/** @throws TypeError for what is no channel of the contract */
export function ownChannel(contract: AnyContract, channel: AnyChannel): ChannelDefinition {
  // Callers without types may pass anything.
  const definition = (channel as Partial<AnyChannel> | undefined)?.['~channel']
  const own = definition && findChannel(contract, definition)
  if (own === undefined) {
    const { name } = contract['~contract']
    throw new TypeError(`The contract "${name}" has no channel ${JSON.stringify(definition?.path ?? null)}`)
  }
  return own
}
