import { AddressError, type AnyContract, resolveAddress } from '@millrace/contract'
import type { WantedTopic } from '../feed/interest.ts'
import { RefusalError } from './refusal-error.ts'

// How many addresses are remembered, and how long ones. Nearly all who come ask for what others have asked for.
const remembered = 1_000
const longest = 256

/** What an address means in the contract. The canonical address is the same text as the one that was looked for where it is that. */
export type FoundTopic = WantedTopic

/** Finds addresses in a contract, and remembers what it has found, which also lets all sessions of a topic share its texts. */
export class TopicFinder {
  readonly #contract: AnyContract
  readonly #found = new Map<string, FoundTopic>()

  constructor(contract: AnyContract) {
    this.#contract = contract
  }

  /** @throws RefusalError */
  find(requested: string): FoundTopic {
    return this.#found.get(requested) ?? this.#look(requested)
  }

  #look(requested: string): FoundTopic {
    const { address, channel } = this.#resolve(requested)
    const pattern = address.split('/').includes('*')
    // One text for both, which is nearly always what it is.
    const found = { requested, address: address === requested ? requested : address, pattern, channel }
    if (requested.length > longest) return found
    if (this.#found.size >= remembered) this.#found.clear()
    this.#found.set(requested, found)
    return found
  }

  #resolve(requested: string) {
    try {
      const found = resolveAddress(this.#contract, requested)
      if (found !== undefined) return found
    } catch (error) {
      if (AddressError.isInstance(error)) {
        throw new RefusalError('bad-request', error.message, { topic: requested })
      }
      throw error
    }
    throw new RefusalError('unknown-topic', `The contract has no channel for "${requested}"`, {
      topic: requested,
    })
  }
}
