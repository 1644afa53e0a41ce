import { type Backoff, type BackoffOptions, createBackoff } from './backoff.ts'
import type { ClientError } from './client-error.ts'
import { type Clock, systemClock, systemRandom } from './clock.ts'
import type { ConnectionError } from './connection-error.ts'
import type { CursorStorage } from './cursor-storage.ts'
import type { EventClient } from './event-client.ts'
import type { Link } from './link.ts'
import { requireArgument } from './require-argument.ts'
import type { StatusBoard } from './status.ts'

/** Headers by name. */
export type RequestHeaders = Readonly<Record<string, string>>

/** Makes a client with other connections than one for all subscriptions. */
export type ConnectionPolicy = (
  options: EventClientOptions,
  create: (options: EventClientOptions) => EventClient,
) => EventClient

/**
 * Makes what serves the subscriptions of a client, in the place of a connection of its own. Made by `@millrace/client/share`, and by
 * nobody else: what it is given may change.
 */
export type Share = (settings: Settings, status: StatusBoard) => Link

/** What decides whether a client polls. */
export interface Polling {
  /** Whether what is asked for next is a poll. */
  next(): boolean
  /**
   * A stream or poll has ended, or did not open. Answers whether the next one is asked for at once.
   *
   * @param openedAt when it opened, in milliseconds since 1970
   */
  ended(failure: ConnectionError, openedAt: number | undefined): boolean
}

/** Where streams come from, and how they are asked for. */
export interface LinkOptions {
  /** The server's streams. Relative where there is a document or a location. Its own query parameters are kept. */
  readonly url: string | URL
  /**
   * What requests are made with: any `fetch`, or an event server's own. One that makes requests of its own hands on their `signal`, and in Node
   * holds each until it is answered: one that is collected hears of its signal no more. @default the runtime's
   */
  readonly fetch?: (request: Request) => Promise<Response>
  /**
   * Headers of each request, or a function that is asked before each attempt and, once, after a 401. In a browser, headers on
   * requests to another origin cost a preflight.
   */
  readonly headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>)
  /** Whether cookies are sent. @default as `fetch` does */
  readonly credentials?: 'omit' | 'same-origin' | 'include'
  /** Told of everything that no handler and no iterator is told of. @default console.error */
  readonly onError?: (error: ClientError) => void
  readonly backoff?: BackoffOptions
  /** How long a stream may take to open, its first frame included, in milliseconds. @default 10_000 */
  readonly connectTimeout?: number
  /** @default the runtime's clock */
  readonly clock?: Clock
  /** A number from 0 up to 1, to spread attempts by. @default Math.random */
  readonly random?: () => number
}

/** Settings of an event client. */
export interface EventClientOptions extends LinkOptions {
  /**
   * Whether the stream goes on while nobody sees the page, or is closed then (`pause`) and resumed when somebody does. A page that is put
   * aside by a navigation has none in any case. @default 'keep'
   */
  readonly whenHidden?: 'keep' | 'pause'
  /** `each`, of `@millrace/client/each`, gives each subscription its own stream. @default all share one */
  readonly connections?: ConnectionPolicy
  /** `longPolling()`, of `@millrace/client/polling`, takes over where streams do not get through. @default streams alone */
  readonly polling?: (settings: LinkSettings) => Polling
  /** Where durable subscriptions stand: `cursorStorage` of `@millrace/client/storage`. @default none */
  readonly storage?: CursorStorage
  /** Closes the client when it is aborted. */
  readonly signal?: AbortSignal
  /** One stream for all tabs: `acrossTabs()` of `@millrace/client/share`. @default a stream of its own */
  readonly share?: Share
}

/** Settings of a link with every default filled in. */
export interface LinkSettings {
  readonly url: string
  readonly fetch: (request: Request) => Promise<Response>
  /** Where it is a function, asking again can give others. */
  readonly headers?: LinkOptions['headers']
  readonly credentials?: LinkOptions['credentials']
  /** Reports an error. Never throws. */
  readonly report: (error: ClientError) => void
  readonly backoff: Backoff
  readonly connectTimeout: number
  readonly clock: Clock
}

/** Settings with every default filled in. */
export interface Settings extends LinkSettings {
  readonly whenHidden?: EventClientOptions['whenHidden']
  readonly polling: Polling | undefined
  readonly storage?: CursorStorage
  readonly signal?: AbortSignal
}

/** @throws TypeError for an option that cannot be */
export function readOptions(options: EventClientOptions): Settings {
  const link = readLinkOptions(options)
  return { ...options, ...link, polling: options.polling?.(link) }
}

/** @throws TypeError for an option that cannot be */
export function readLinkOptions(options: LinkOptions): LinkSettings {
  const { url, connectTimeout = 10_000, clock = systemClock, random = systemRandom } = options
  const { fetch = (request) => globalThis.fetch(request), onError = (error) => console.error(error) } =
    options
  return {
    ...options,
    url: readUrl(url),
    fetch,
    report(error) {
      try {
        onError(error)
      } catch (thrown) {
        console.error(thrown)
      }
    },
    backoff: createBackoff(options.backoff, random),
    connectTimeout,
    clock,
  }
}

function readUrl(url: string | URL): string {
  // Not every runtime has them, nor does every one's types.
  const { document, location } = globalThis as {
    readonly document?: { readonly baseURI: string }
    readonly location?: { readonly href: string }
  }
  // Upon the last, what is relative or none at all becomes what is refused.
  const base = document?.baseURI ?? location?.href ?? 'no:/'
  const { href } = new URL(url, base)
  requireArgument(/^http/.test(href), 'url must be absolute here')
  return href
}
