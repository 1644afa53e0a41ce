import { nowhere, type Place, type SseMessage } from '@millrace/protocol'
import type { Reset } from '../reset.ts'
import type { ConnectionStatus } from '../status.ts'
import type { CarriedError } from './carried-error.ts'

// What tabs say to each other. All of a group hear what is said on its channel; on a tab's own there are that tab and whoever leads.

/** To all: who leads now, and who leads no more; or that a tab looks for the one who does. */
export interface ToGroup {
  readonly leads?: string
  readonly left?: string
  readonly who?: string
}

/** From a tab to whoever leads. */
export interface ToLeader {
  /** Which leader is meant. */
  readonly term: string
  /** What it wants besides; altogether, when it begins a new round. */
  readonly ask?: readonly Want[]
  readonly round?: number
  /** What it wants no more. */
  readonly drop?: readonly number[]
  /** It wants a stream opened now. */
  readonly reconnect?: boolean
  /** It wants an answer, and is in this round. */
  readonly ping?: number
  /** With that: how much it has taken in the round, see {@link weightOf}; and how often it has wanted others, so that whoever has missed some sees it. */
  readonly taken?: number
  readonly count?: number
}

/** A subscription, as it is asked for. */
export interface Want {
  /** Its number in its tab. */
  readonly number: number
  readonly address: string
  readonly names: ReadonlySet<string> | undefined
  readonly takesStates: boolean
  readonly place: Place
}

/** From the one who leads to a tab. */
export interface ToTab {
  /** Who says it. */
  readonly term: string
  /** It is the first that the tab hears of it. */
  readonly leads?: boolean
  /** The answer to a ping: its round. */
  readonly pong?: number
  readonly status?: CarriedStatus
  readonly entries?: readonly Entry[]
  /** Which round it is in, and how often there were entries in it so far: whoever has missed some sees it. */
  readonly round?: number
  readonly count?: number
}

export interface CarriedStatus extends Omit<ConnectionStatus, 'cause'> {
  readonly cause?: CarriedError | undefined
}

/** What comes in order. `to` are the numbers of the subscriptions. */
export type Entry = News & { readonly to: number[] }

/** What becomes of subscriptions. */
export type News =
  | { readonly kind: 'message'; readonly message: SseMessage }
  // With where it leads: in a log of shards the id of a reset names one of them, and the others are where they were.
  | { readonly kind: 'reset'; readonly reset: Reset; readonly place: Place }
  | { readonly kind: 'place'; readonly place: Place }
  // Their place is confirmed; and whether all has come that there was.
  | { readonly kind: 'confirm' }
  | { readonly kind: 'turn'; readonly isCurrent: boolean }
  | { readonly kind: 'end'; readonly error: CarriedError | undefined }
  // The tab has not kept up, or something that it said was lost: nothing more comes until it asks anew.
  | { readonly kind: 'lag' }

/** What an entry counts for, roughly in characters. */
export function weightOf(entry: Entry): number {
  return 256 + (entry.kind === 'message' ? entry.message.data.length : 0)
}

/** A place that has come over a channel. `nowhere` is known by being itself. */
export function readPlace(place: Place): Place {
  return typeof place === 'object' && place.epoch === nowhere.epoch ? nowhere : place
}
