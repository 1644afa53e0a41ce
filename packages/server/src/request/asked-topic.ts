import type { AnyContract, Carried } from '@millrace/contract'
import type { RequestedTopic } from './requested-topic.ts'

/** The names under which a contract has its channels. */
export type ChannelKey<Contract> = Exclude<keyof Contract & string, '~contract'>

/** A topic that is asked for: `topic.channel === 'orders' && topic.params.orderId === '42'`. Its channel tells its params' types. */
export type AskedTopic<Contract = AnyContract> = [ChannelKey<Contract>] extends [never]
  ? AskedTopicOf<string, Readonly<Record<string, unknown>>>
  : {
      readonly [Key in ChannelKey<Contract>]: AskedTopicOf<Key, ParamsIn<Contract[Key]>>
    }[ChannelKey<Contract>]

type ParamsIn<Channel> = Channel extends Carried<infer Params, infer _> ? Readonly<Params> : never

type AskedTopicOf<Key extends string, Params> = AskedAddress<Key> &
  (
    | { readonly kind: 'topic'; readonly params: Params }
    /** Stands for every topic that fits it: to allow it is to allow them all. Params that it leaves open are absent. */
    | { readonly kind: 'pattern'; readonly params: Partial<Params> }
  )

interface AskedAddress<Key> {
  /** The canonical address, whatever the request wrote: `orders/42`, `orders/*`. */
  readonly address: string
  /** The name of its channel in the contract. */
  readonly channel: Key
  /** The names of the wanted events; all when absent. */
  readonly events: ReadonlySet<string> | undefined
}

/** What `authorize` is told of a topic that was found in the contract. */
export function describeTopic(
  contract: AnyContract,
  { topic: { address, pattern, channel }, events }: RequestedTopic,
): AskedTopic {
  const [key = ''] = Object.entries(contract['~contract'].channels).find(([, own]) => own === channel) ?? []
  // It was found by its address, so that there are params.
  const params = channel.decodeAddress(address) ?? {}
  const kind = pattern ? 'pattern' : 'topic'
  return { kind, address, channel: key, params, events }
}
