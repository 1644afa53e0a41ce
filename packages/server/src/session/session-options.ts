import type { Caller } from '../authorize/caller.ts'
import type { Feed } from '../feed/feed.ts'
import type { Endings } from '../publish/endings.ts'
import type { Snapshots } from '../publish/snapshots.ts'
import type { CloseCause } from '../telemetry/server-stats.ts'
import type { OutletOptions } from './outlet.ts'
import type { StreamSession } from './stream-session.ts'

/** What all sessions of a server have in common. */
export interface SessionOptions extends OutletOptions {
  /** Longest time between two bytes, in milliseconds. */
  readonly heartbeat: number
  /** The reconnection time that subscribers are told, in milliseconds. */
  readonly retry: number
  /** When the server began, in milliseconds since 1970. */
  readonly since: number
  readonly snapshots: Snapshots
  /** Told of a session whose socket holds bytes, perhaps for long. */
  readonly onHolds: (session: StreamSession) => void
  /** Told once of each session, when its stream is over. */
  readonly onClosed: (session: StreamSession, cause: CloseCause) => void
}

/** What all sessions of one log, or of one shard of a log, have in common. */
export interface FeedSessionOptions extends SessionOptions {
  readonly feed: Feed
  readonly endings: Endings
}

/** What is this session's alone. */
export interface SessionOwn {
  /** Who asked for it. */
  readonly caller: Caller
  /** Ends after the first events or at this time, in milliseconds since 1970; `undefined` for a stream. */
  readonly pollUntil: number | undefined
  /** Ends, to be opened again, at this time. */
  readonly retireAt: number
}
