import type { ShelfKind } from './cursor-shelf.ts'
import type { Mood } from './states.ts'

/** What a run of the simulation consists of. Plain data: it can be printed, kept and made smaller. */
export interface Scenario {
  readonly seed: number
  /** How long there are faults, in milliseconds. */
  readonly duration: number
  readonly settings: {
    readonly heartbeat: number
    readonly retry: number
    readonly maxAge: number
    readonly cap: number
    /** How long `headers` takes to answer; 0 when it answers at once. */
    readonly headers: number
    /** How the log wakes those who follow it. */
    readonly wakes: 'prompt' | 'late' | 'doubled' | 'lost'
    /** How many clients there are. */
    readonly clients: number
    /** Whether the log can lose what it has acknowledged; then its records have tags. */
    readonly loses: boolean
    /** How those who are asked for states may feel. Nobody is asked when there are none. */
    readonly moods: readonly Mood[]
    /** How long rights last, in milliseconds; 0 where nobody asks for rights. */
    readonly rights: number
    /** Whether nothing is read while the page is hidden. */
    readonly rests: boolean
    /** How many of the first answers a proxy holds back until they are complete; the client polls then. Without any it does not know how to. */
    readonly held: number
    /** Whether addresses are so long that what is wanted goes into a body. */
    readonly posts: boolean
    /** Whether subscriptions are asked all the time where they stand. */
    readonly asks?: boolean
    /** Where clients keep cursors. */
    readonly stores?: ShelfKind
    /** Whether each subscription has a connection of its own. There is one at a time then. */
    readonly each?: boolean
    /** In how many shards the log is. */
    readonly shards?: number
  }
  readonly acts: readonly Act[]
  /** What becomes of each request, by number; those after the last are served well. */
  readonly fates: readonly Fate[]
}

/** What an act can be bound to. Its `turns` are those of the microtask queue; without any, it is done within. */
export const moments = [
  'headers',
  'fetch',
  'answer',
  'pull',
  'chunk',
  'handler',
  'handled',
  'status',
  'error',
  'timer',
  'append',
  'state',
] as const
export type Moment = (typeof moments)[number]

export type When =
  | { readonly at: number }
  | { readonly on: Moment; readonly nth: number; readonly turns: number }

/** How a subscription takes what comes. */
export interface Taking {
  readonly address: string
  readonly from: 'now' | 'earliest' | 'cursor'
  /** Of a cursor: how many records before the newest one. */
  readonly back: number
  /** Whether the cursor is of the life of the log before the present one, where there was one. */
  readonly former?: boolean
  readonly form: 'handler' | 'named' | 'iterator'
  /** As an address without its schemas. */
  readonly bare: boolean
  /** Whether a form with names names the states. */
  readonly states: boolean
  /** How long a handler takes: `sync`, so many turns of the microtask queue, so many milliseconds, or until the faults are over. */
  readonly pace: 'sync' | { readonly turns: number } | { readonly milliseconds: number } | 'hung'
  /** Every how many-th event a handler fails; never when 0. */
  readonly fails: number
  /** After how many events it closes itself; never when 0. */
  readonly closesAfter: number
  readonly signal: boolean
  /** The name under which its cursor is kept, where the client keeps some. */
  readonly durable?: string
  readonly ack?: 'manual'
}

export type CutKind = 'error' | 'end' | 'stall'

export type Act = { readonly when: When } & (
  | ({ readonly do: 'subscribe'; readonly client: number } & Taking)
  | {
      readonly do: 'unsubscribe'
      readonly client: number
      readonly which: number
      readonly how: 'close' | 'abort'
    }
  | {
      readonly do: 'publish'
      readonly topic: string
      readonly count: number
      /** How many characters more each of them has. */
      readonly fill?: number
    }
  | { readonly do: 'publish bad'; readonly topic: string; readonly kind: 'malformed' | 'unknown' }
  | { readonly do: 'end topic'; readonly topic: string }
  /** Of one shard, by number, or of all. */
  | { readonly do: 'trim'; readonly keep: number; readonly shard?: number }
  | { readonly do: 'lose'; readonly count: number; readonly shard?: number }
  | { readonly do: 'deny'; readonly topic: string; readonly for: number; readonly openToo: boolean }
  | { readonly do: 'new life'; readonly shard?: number }
  | {
      readonly do: 'restart'
      readonly down: number
      readonly drain: number
      readonly epoch: boolean
      readonly keep: number
      readonly shard?: number
    }
  | { readonly do: 'revoke' }
  | { readonly do: 'cut'; readonly how: CutKind }
  | { readonly do: 'jump'; readonly by: number }
  | { readonly do: 'sleep'; readonly for: number; readonly frozen: boolean }
  | { readonly do: 'offline'; readonly for: number; readonly how: CutKind }
  | { readonly do: 'hide'; readonly for: number }
  /** A navigation away that is undone later: nothing of the page runs in between. */
  | { readonly do: 'put aside'; readonly for: number }
  /** The network and the page come and go so often, one right after the other. */
  | { readonly do: 'storm'; readonly times: number }
  | { readonly do: 'reconnect'; readonly client: number }
  | { readonly do: 'close'; readonly client: number }
  /** The page is loaded anew, and its durable subscriptions are made again. Where it was killed, nothing was kept on the way out. */
  | { readonly do: 'reload'; readonly client: number; readonly killed: boolean }
  /** The state of a topic is wanted. */
  | { readonly do: 'follow'; readonly client: number }
)

/** Of the bytes that a stream brings, how many come at a time. */
export type Chunks = 'whole' | 'split' | 'drip'

export type Fate =
  | {
      readonly kind: 'serve'
      readonly latency: number
      readonly chunks: Chunks
      /** After so many bytes. */
      readonly cut?: { readonly after: number; readonly how: CutKind }
      /** A `fetch` that does not obey its signal. */
      readonly deaf: boolean
      /** Whether the server takes it for a poll. */
      readonly poll: boolean
      /** Whether nothing is taken from the server before the client has taken what came before. */
      readonly narrow?: boolean
      /** How long the server takes to notice that the client has left, in milliseconds. */
      readonly farewell: number
    }
  | {
      readonly kind: 'answer'
      readonly latency: number
      readonly status: number
      readonly type: string
      readonly chunks: Chunks
      /** After so many bytes of what it says. */
      readonly cut?: { readonly after: number; readonly how: CutKind }
      /** In seconds, or as a date. */
      readonly retryAfter?: { readonly seconds: number; readonly date: boolean }
      readonly deaf: boolean
    }
  | { readonly kind: 'fail'; readonly latency: number }
  | { readonly kind: 'hang'; readonly deaf: boolean }

export const calmFate: Extract<Fate, { kind: 'serve' }> = {
  kind: 'serve',
  latency: 5,
  chunks: 'whole',
  deaf: false,
  poll: false,
  farewell: 0,
}
