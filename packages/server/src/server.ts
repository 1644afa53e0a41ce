import type { EventTypes, Topic } from '@millrace/contract'
import { formatCursor } from '@millrace/protocol'
import { ServerClosedError } from './errors.ts'
import { handleFetch } from './fetch-handler.ts'
import { type EventServerOptions, readOptions } from './options.ts'
import { createRecord } from './record.ts'
import { Streams } from './streams.ts'

/** Settings of one publication. */
export interface PublishOptions {
  /** Idempotency key: publishing it again, as long as the log holds the first, changes nothing and gives the first id. */
  readonly key?: string
}

/** An event that is in the log. */
export interface Published {
  /** Its place, which is the cursor to resume from after it. Opaque. */
  readonly id: string
}

/** Publishes a contract's events, and serves them as Server-Sent Events. */
export interface EventServer extends AsyncDisposable {
  /**
   * Answers a request for a stream: the handler of any runtime or framework that speaks the Fetch standard. It may be
   * passed on without its object.
   */
  readonly fetch: (request: Request) => Promise<Response>
  /**
   * Publishes an event. It resolves when the log has it, as durably as the log can. Events that are published one after the other keep
   * that order, awaited or not.
   *
   * @throws DataError when the data does not fit the schema (rejects, as do the following)
   * @throws PublishError when the contract has no such channel or event
   * @throws EventTooLargeError
   * @throws ServerClosedError after `close`
   */
  publish<Params, Events extends EventTypes, Name extends keyof Events & string>(
    topic: Topic<Params, Events>,
    name: Name,
    data: Events[Name]['data'],
    options?: PublishOptions,
  ): Promise<Published>
  /**
   * Takes no new streams, tells the open ones good-bye, with reconnection times that are spread out, and ends them; none in the middle of
   * a frame. Publishes until that is done. Calling it again gives the same promise. The log stays open.
   *
   * @param options.drain how long streams are given to take what was written, in milliseconds; then they are cut. @default 5_000
   */
  close(options?: { readonly drain?: number }): Promise<void>
  /** What the adapters of the runtimes stand on. Not for applications. */
  readonly '~streams': Streams
}

/**
 * Makes an event server: `createEventServer({ contract, log: memoryLog() })`.
 *
 * @throws TypeError, RangeError for an option that cannot be
 */
export function createEventServer(options: EventServerOptions): EventServer {
  const settings = readOptions(options)
  const { contract, log, limits, clock } = settings
  const streams = new Streams(settings)
  let closing: Promise<void> | undefined
  let closed = false

  const server: EventServer = {
    fetch: (request) => handleFetch(streams, request),
    async publish(topic, name, data, { key } = {}) {
      if (closed) throw new ServerClosedError()
      const publication = { topic, name, data, key, time: Math.trunc(clock.now()) }
      const [position] = await log.append([createRecord(contract, publication, limits.eventBytes)])
      if (position === undefined) throw new TypeError('The log gave no position for what it appended')
      return { id: formatCursor(position) }
    },
    close({ drain = 5_000 } = {}) {
      closing ??= streams.close(drain).finally(() => {
        closed = true
      })
      return closing
    },
    [Symbol.asyncDispose]: () => server.close(),
    '~streams': streams,
  }
  return server
}
