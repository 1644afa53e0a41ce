import type { StateOf, Topic, WireStateOf } from '@millrace/contract'
import { headOf } from '@millrace/log'
import { formatCursor } from '@millrace/protocol'
import type { Settings } from '../options.ts'
import { channelOf } from './record.ts'
import type { Snapshots } from './snapshots.ts'

/** What has the states. */
export interface StateKeeper {
  readonly snapshots: Snapshots
  /** How often the log has begun anew or gone back. */
  readonly history: number
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

/** The place of the newest event that the log has. */
export async function readPosition({ log }: Pick<Settings, 'log'>): Promise<string> {
  return formatCursor(headOf(await log.bounds()))
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
  const position = headOf(await settings.log.bounds())
  const state = await keeper.snapshots.take({ address, channel, pattern: false }, position, keeper.history)
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
