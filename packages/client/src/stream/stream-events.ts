import type { EventOf, StreamEvent, Undecoded } from '@millrace/contract'
import {
  controlEvent,
  controlPrefix,
  frameExtensionFields,
  protocolVersion,
  type SseMessage,
  SseParser,
} from '@millrace/protocol'
import { ConnectionError } from '../connection-error.ts'
import { readBye, readOpen, readVerdict } from '../control.ts'
import { decodeMessage } from '../decode.ts'
import type { Target } from '../event-client.ts'
import { EventDataError } from '../event-data-error.ts'
import { failureOf } from '../failure-of.ts'
import type { Delivered } from '../handler-error.ts'
import { type LinkOptions, readLinkOptions } from '../options.ts'
import { orAborted } from '../or-aborted.ts'
import { type Reset, resetName } from '../reset.ts'
import { cancelBody, judgeResponse } from '../response.ts'
import { paramsOf } from '../route.ts'
import type { Snapshot, SnapshotOf, UndecodedSnapshot } from '../snapshot.ts'
import { requestStream } from '../stream-request.ts'
import { createWatchdog, type Watchdog } from '../watchdog.ts'

/** Settings of one stream. */
export interface StreamEventsOptions {
  /** Where it begins: now, with the oldest event that the server holds, or after an event, by its `id`. @default 'now' */
  readonly from?: 'now' | 'earliest' | (string & {})
  /** Ends it when it is aborted: the loop over it is left, without an error. */
  readonly signal?: AbortSignal
}

/** What is iterated over. Leaving the loop ends the stream. */
export interface EventStreamIterator<Event> extends AsyncIterableIterator<Event, undefined> {
  next(): Promise<IteratorResult<Event, undefined>>
  /** Ends it, also while an event is waited for. */
  return(): Promise<IteratorResult<Event, undefined>>
  [Symbol.asyncIterator](): EventStreamIterator<Event>
}

// As in a client: how long a stream must have been open for the back-off to start afresh, in milliseconds.
const healthyAfter = 5_000

/**
 * Iterates over the events of a topic, with its snapshots and resets: for who wants one topic at a time, and as little code as can be. It
 * comes back after every failure, where it was. Each call has a stream of its own, which opens with the first `next` and is read as fast as
 * the events are taken. The place moves on when the next event is asked for.
 *
 * It ends when the topic is complete or the server says that there is nothing more (204).
 *
 * @throws TypeError for settings that cannot be
 * @throws ConnectionError out of the loop, when the server refuses for good
 */
export function streamEvents<T extends Target>(
  settings: LinkOptions,
  topic: T,
  options?: StreamEventsOptions,
): EventStreamIterator<EventOf<T> | SnapshotOf<T> | Reset>
/**
 * Iterates over what comes from an address. Nothing is decoded or checked: `data` is the JSON that was sent, and that it is of type
 * `Event` is the caller's word alone.
 */
export function streamEvents<Event extends StreamEvent | Snapshot = StreamEvent>(
  settings: LinkOptions,
  address: string,
  options?: StreamEventsOptions,
): EventStreamIterator<Undecoded<Event> | UndecodedSnapshot<Event> | Reset>
export function streamEvents(
  options: LinkOptions,
  target: Target | string,
  { from = 'now', signal }: StreamEventsOptions = {},
): EventStreamIterator<Delivered> {
  const settings = readLinkOptions(options)
  const { backoff, clock } = settings
  const topic = typeof target === 'string' ? undefined : target
  const address = topic?.address ?? (target as string)
  let place: string = from
  let over = false
  /** Ends what is waited for. */
  let interrupt = () => {}

  function end(): void {
    over = true
    signal?.removeEventListener('abort', end)
    interrupt()
  }
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end)

  const events = run()
  const leave = events.return.bind(events, undefined)
  // With a `return` that does not wait for the event that is waited for.
  return Object.assign(events as unknown as EventStreamIterator<Delivered>, {
    return() {
      end()
      return leave()
    },
  })

  async function* run(): AsyncGenerator<Delivered, undefined> {
    // After a 401 headers are asked for again, once until a stream opens.
    let refreshed = false
    try {
      while (!over) {
        const controller = new AbortController()
        const { signal: cut } = controller
        const fail = (reason: 'timeout' | 'silent', message: string) => () =>
          controller.abort(new ConnectionError(reason, message))
        const parser = new SseParser({
          lastEventId: place,
          extensionFields: frameExtensionFields,
          onRetry: backoff.propose,
        })
        const opened = clock.after(settings.connectTimeout, fail('timeout', 'No stream opened in time'))
        let watch: Watchdog | undefined
        let answer: Promise<Response> | undefined
        let openedAt = 0
        let delay = 0
        let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
        interrupt = () => controller.abort()
        try {
          answer = requestStream(
            settings,
            { topics: [{ address, from: place }], version: protocolVersion },
            cut,
          )
          const response = await orAborted(answer, cut)
          const refusal = await orAborted(judgeResponse(response, clock.now()), cut)
          if (refusal) throw refusal
          reader = response.body?.getReader()
          for (;;) {
            const chunk = reader && (await orAborted(reader.read(), cut))
            watch?.rest()
            // [spec] The end of the body is no end of the stream: the client comes back.
            if (!chunk?.value) throw new ConnectionError('ended', 'The server ended the stream')
            parser.push(chunk.value)
            for (let item = parser.next(); item; item = parser.next()) {
              if (watch) {
                const event = 'event' in item && read(item)
                if (event === 'end') return
                if (event) yield event
                if (over) return
              } else {
                const { heartbeat } = readOpen(item)
                opened()
                openedAt = clock.now()
                refreshed = false
                watch = createWatchdog(clock, heartbeat, fail('silent', 'No heartbeat came'))
              }
              place = item.lastEventId
            }
            watch?.wait()
          }
        } catch (error) {
          if (over) return
          const failure = failureOf(error)
          const { status, bye, final, retryAfter } = failure
          if (openedAt && clock.now() - openedAt >= healthyAfter) backoff.reset()
          if (status === 401 && typeof settings.headers === 'function' && !refreshed) refreshed = true
          else if (status === 204 || bye === 'end') return
          else if (final) throw failure
          else delay = backoff.next(retryAfter)
        } finally {
          opened()
          watch?.stop()
          controller.abort()
          // Where the fetch does not obey its signal.
          answer?.then(cancelBody, () => {})
          reader?.cancel().catch(() => {})
        }
        if (!delay) continue
        let cancel: (() => void) | undefined
        await new Promise<void>((resolve) => {
          interrupt = resolve
          cancel = clock.after(delay, resolve, true)
        })
        cancel?.()
      }
    } finally {
      end()
    }
  }

  /** What a message is to who reads it: nothing, an event, or the end. @throws ConnectionError */
  function read(message: SseMessage): Delivered | 'end' | undefined {
    const { event, fields, lastEventId } = message
    const at = fields.topic ?? ''
    const isState = event === controlEvent.snapshot
    if (event === controlEvent.bye) throw readBye(message)
    if (event === controlEvent.end && at === address) return 'end'
    if (event === controlEvent.reset) return reset(readVerdict(message), lastEventId)
    // Others of the wire's own events are of a newer server.
    if (event.startsWith(controlPrefix) && !isState) return undefined
    const delivered = decodeMessage(message, at, { topic, params: paramsOf(topic, at) }, settings.report)
    if (!(delivered instanceof EventDataError)) return delivered
    // Nothing has healed what the state was to heal.
    return isState ? reset('trimmed', delivered.id) : undefined
  }

  function reset(verdict: Reset['data']['verdict'], id: string): Reset {
    return { name: resetName, data: { verdict }, topic: address, id }
  }
}
