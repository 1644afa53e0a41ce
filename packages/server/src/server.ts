import type { AnyChannel, AnyContract, Channel, EventTypes, StateOf, Topic } from '@millrace/contract'
import type { LogFinding } from '@millrace/log'
import { createRevokeFilter, type RevokeFilter } from './authorize/revoke-filter.ts'
import { diagnose } from './diagnose.ts'
import { type EventServerOptions, readOptions } from './options.ts'
import { type HandedState, readPosition, readState } from './publish/handed-state.ts'
import { ownChannel } from './publish/own-channel.ts'
import type {
  NewEvent,
  Published,
  PublishItems,
  PublishOptions,
  TransactionOptions,
} from './publish/publication.ts'
import type { Publication } from './publish/record.ts'
import type { ParamsIn, SnapshotProvider } from './publish/snapshots.ts'
import type { Source, SourceOptions } from './publish/sources.ts'
import { handleFetch } from './request/fetch-handler.ts'
import { Streams } from './streams.ts'
import { watchSettings } from './telemetry/monitor.ts'
import type { ServerStats } from './telemetry/server-stats.ts'

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
    options?: PublishOptions & { readonly transaction?: undefined },
  ): Promise<Published>
  /**
   * Publishes an event within a transaction of the application: when that commits, and never when it is rolled back. It resolves when the
   * transaction has it. It has no id, because it has no place before the commit.
   *
   * @throws what `publish` throws, and PublishError where the log cannot take part in transactions
   */
  publish<Params, Events extends EventTypes, Name extends keyof Events & string>(
    topic: Topic<Params, Events>,
    name: Name,
    data: Events[Name]['data'],
    options: PublishOptions & TransactionOptions,
  ): Promise<void>
  /**
   * Publishes several events, of one topic or of many, next to each other: all of them, or none where one does not fit.
   *
   * @returns their ids, in the same order
   * @throws what `publish` throws. When the log fails, some of them may have been appended: keys make the repeat safe
   */
  publishMany<const Topics extends readonly Topic[]>(
    items: PublishItems<Topics>,
    options?: { readonly transaction?: undefined },
  ): Promise<readonly Published[]>
  /** Publishes several events within a transaction of the application, as `publish` does one. @throws what that throws */
  publishMany<const Topics extends readonly Topic[]>(
    items: PublishItems<Topics>,
    options: TransactionOptions,
  ): Promise<void>
  /**
   * Says that a topic is complete: whoever reads it is told so after its last event (`millrace.end`), also who comes later or comes back, as
   * long as the log holds that. A stream all of whose topics are complete ends. Nothing can be published to it any more. Calling it again
   * changes nothing.
   *
   * @throws PublishError for what is no topic of the contract (rejects, as does the following)
   * @throws ServerClosedError after `close`
   */
  end(topic: Topic): Promise<Published>
  /**
   * Gives a channel's topics a state to begin with: `events.snapshot(shop.orders, ({ params }) => readOrder(params.orderId))`. It is sent to
   * whoever subscribes from now on, and in place of a reset to whoever cannot go on, followed by the events after the position that the log
   * had before it was asked for. So everything that was published by then must be in the state, and what is published while it is read
   * may come once more as an event. Those who want the same at the same time share one answer. A pattern has none. When it fails, takes
   * longer than `snapshotTimeout` or answers `undefined`, the stream goes on without it.
   *
   * @throws TypeError for a channel without a `snapshot` in the contract, of another contract, or with a provider already
   */
  snapshot<Channel extends AnyChannel>(
    channel: Channel,
    provider: SnapshotProvider<ParamsIn<Channel>, StateOf<Channel>>,
  ): void
  /**
   * The state of a topic, as its channel's `snapshot` tells it, and the cursor after which its events go on: for a page that is rendered
   * with it and then follows (`initial` of `state` in the client). `undefined` where there is none, where it fails or takes longer than
   * `snapshotTimeout`. Nobody is asked whether it may be read.
   *
   * @throws PublishError for what is no topic of the contract (rejects, as do the following)
   * @throws what the log throws
   */
  state<T extends Topic>(topic: T): Promise<HandedState<T> | undefined>
  /**
   * The cursor of the newest event of the log. Whoever reads it before data of its own, and subscribes `from` it, misses nothing in between.
   *
   * @throws what the log throws (rejects)
   */
  position(): Promise<string>
  /**
   * Makes the events of a channel's topics only while somebody subscribes to them: `events.source(shop.metrics, async function* ({ params,
   * signal }) { … yield { name: 'measured', data } })`. It runs once for each topic and process, from the first subscriber until `grace` after
   * the last one, and `signal` tells it to stop. What it yields is published. When it throws, `onError` is told and it is begun again, later
   * each time; when it returns, it has said all until somebody subscribes anew.
   *
   * @throws TypeError for a channel of another contract, or with a source already
   * @throws RangeError for a `grace` that cannot be
   */
  source<Params, Events extends EventTypes>(
    channel: Channel<Params, Events>,
    source: Source<Params, NewEvent<Events>>,
    options?: SourceOptions,
  ): void
  /**
   * Ends the streams that a filter means, within a second and with a good-bye (`revoked`), whatever their sockets hold. Their clients come
   * back and are authorized anew, so the rights have to be gone before. Of this process only. A request that was authorized before and is not
   * open yet is meant, too.
   *
   * @returns how many open streams it ends
   * @throws TypeError for a filter that means nothing, and for a topic that the contract does not have
   * @throws AddressError for a topic whose params do not fit
   */
  revoke(filter: RevokeFilter): number
  /** What it has done so far, and holds now. */
  stats(): ServerStats
  /**
   * Looks whether its settings, and those of its log's engine, will do, as `millrace doctor` tells it. Rejects after the log was closed
   * (LogClosedError).
   */
  diagnose(): Promise<readonly LogFinding[]>
  /** Whether new streams are taken: `false` from `close` on. What a load balancer asks before it sends somebody here. */
  readonly ready: boolean
  /**
   * Takes no new streams, tells the open ones good-bye and ends them, one after the other over four fifths of the time; none in the middle of
   * a frame. Publishes until that is done. Calling it again gives the same promise. The log stays open.
   *
   * @param options.drain how long that takes at most, in milliseconds; then those are cut that have not taken what was written. @default 5_000
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
export function createEventServer<const Contract extends AnyContract>(
  options: EventServerOptions<Contract>,
): EventServer {
  const settings = watchSettings(readOptions(options))
  const { contract } = settings
  const streams = new Streams(settings)
  const { publisher, snapshots } = streams
  let closing: Promise<void> | undefined

  const server: EventServer = {
    fetch: (request) => handleFetch(streams, request),
    publish: ((topic, name, data, options) => {
      const publication = { topic, name, data, key: options?.key, trace: options?.trace }
      const transaction = options?.transaction
      return transaction === undefined
        ? publisher.publish(publication)
        : publisher.publishWithin(transaction, [publication])
    }) as EventServer['publish'],
    publishMany: ((items: readonly Publication[], options?: Partial<TransactionOptions>) =>
      options?.transaction === undefined
        ? publisher.publishMany(items)
        : publisher.publishWithin(options.transaction, items)) as EventServer['publishMany'],
    end: (topic) => publisher.end(topic),
    snapshot(channel, provider) {
      // What is decoded and encoded with the channel's schemas is of its types.
      snapshots.provide(ownChannel(contract, channel), provider as SnapshotProvider)
    },
    state: (topic) => readState(settings, streams, topic),
    position: () => readPosition(settings),
    source(channel, source, options = {}) {
      streams.addSource(ownChannel(contract, channel), source as Source, options)
    },
    revoke: (filter) => streams.revoke(createRevokeFilter(contract, filter)),
    stats: () => streams.stats(),
    diagnose: () => diagnose(settings),
    get ready() {
      return streams.ready
    },
    close({ drain = 5_000 } = {}) {
      closing ??= streams.close(drain).finally(() => {
        publisher.closed = true
      })
      return closing
    },
    [Symbol.asyncDispose]: () => server.close(),
    '~streams': streams,
  }
  return server
}
