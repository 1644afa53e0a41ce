import type { AnyContract } from './contract.ts'
import { type Topic, type TopicPattern, topicAt } from './topic.ts'

/**
 * Finds the topic or pattern that an address text means, in its canonical form; `undefined` when no channel has it.
 *
 * @throws AddressError when a channel has it and its params do not fit
 */
export function resolveAddress(contract: AnyContract, text: string): Topic | TopicPattern | undefined {
  for (const channel of Object.values(contract['~contract'].channels)) {
    const params = channel.decodeAddress(text)
    if (params !== undefined) return topicAt(channel, params)
  }
  return undefined
}
