import type { ChannelModel, ContractModel } from '../model/contract-model.ts'
import type { Change } from './change.ts'
import { compareChannels } from './compare-channels.ts'
import { compareDocumentation } from './compare-documentation.ts'
import { type Comparison, createComparison } from './comparison.ts'
import { matchByKey } from './match.ts'
import { changeBy } from './note.ts'
import { skeletonOf } from './path.ts'

/** Lists what changed from one state of a contract to another, and whom each change breaks. In the order of the contracts. */
export function compareContracts(old: ContractModel, next: ContractModel): readonly Change[] {
  const comparison = createComparison(old.definitions, next.definitions)
  return [
    ...compareNames(old, next),
    ...compareDocumentation(old, next, {}),
    ...compareAllChannels(old.channels, next.channels, comparison),
  ]
}

function compareNames(old: ContractModel, next: ContractModel): readonly Change[] {
  if (old.name === next.name) return []
  return [changeBy('contract-renamed', {}, `The contract "${old.name}" is now called "${next.name}"`)]
}

function compareAllChannels(
  old: readonly ChannelModel[],
  next: readonly ChannelModel[],
  comparison: Comparison,
): readonly Change[] {
  const { pairs, lost, gained } = matchChannels(old, next)
  return [
    ...lost.map(({ key, path }) =>
      changeBy('channel-removed', { channel: key }, `The channel "${key}" (${path}) was removed`),
    ),
    ...pairs.flatMap(([from, to]) => compareChannels(from, to, comparison)),
    ...gained.map(({ key, path }) =>
      changeBy('channel-added', { channel: key }, `The channel "${key}" (${path}) was added`),
    ),
  ]
}

// Whatever its key is, a channel with the same addresses is the same to clients and to the log. A contract has each address
// once; a document of others may not.
function matchChannels(old: readonly ChannelModel[], next: readonly ChannelModel[]) {
  const addresses = ({ path }: ChannelModel) => skeletonOf(path)
  const key = (channel: ChannelModel) => channel.key
  const isTold = [old, next].every((channels) => new Set(channels.map(addresses)).size === channels.length)
  const [first, second] = isTold ? [addresses, key] : [key, addresses]
  return matchByKey(old, next, first, (from, to) => second(from) === second(to))
}
