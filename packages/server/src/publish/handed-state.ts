import type { StateOf, Topic, WireStateOf } from '@millrace/contract'
import { headOf, type Log } from '@millrace/log'
import { formatCursor, joinPlaces } from '@millrace/protocol'
import { logsOf } from '../feed/feeds.ts'
import type { Settings } from '../options.ts'
import { channelOf } from './record.ts'
import type { Snapshots } from './snapshots.ts'

/** What has the states. */
export interface StateKeeper {
  readonly snapshots: Snapshots
  /** The log that a topic is in, and how often that has begun anew or gone back. */
  logOf(address: string): { readonly log: Pick<Log, 'bounds'>; readonly history: number }
}

/** The state of a topic and its place, to be handed to a subscriber that goes on from there. */
export interface HandedState<T extends Topic = Topic> {
  /** As it is in code. */
  readonly data: StateOf<T>
  /** As it travels: JSON. */
  readonly wire: WireStateOf<T>
  /** Version of the state's schema. */
  readonly version: number
  /** The cursor after which the topic's events go on. */
  readonly id: string
}

/** The place of the newest event that the log has, in each of its shards. */
export async function readPosition({ log }: Pick<Settings, 'log'>): Promise<string> {
  const bounds = await Promise.all(logsOf(log).map((one) => one.bounds()))
  return formatCursor(joinPlaces(bounds.map(headOf)))
}

/** The state of a topic; `undefined` where there is none to be had. @throws PublishError for what is no topic of the contract */
export async function readState<T extends Topic>(
  settings: Settings,
  keeper: StateKeeper,
  topic: T,
): Promise<HandedState<T> | undefined> {
  const channel = channelOf(settings.contract, topic)
  const { address } = topic
  // Before the state is asked for, so that nothing is between the two.
  const { log, history } = keeper.logOf(address)
  const position = headOf(await log.bounds())
  const state = await keeper.snapshots.take({ address, channel, pattern: false }, { position, history })
  if (!state || !channel.snapshot) return undefined
  const wire: unknown = JSON.parse(state.data)
  const { version } = state
  // What is decoded and encoded with the channel's schema is of its types.
  return {
    data: channel.snapshot.decode(wire, version),
    wire,
    version,
    id: formatCursor(state.position),
  } as HandedState<T>
}
