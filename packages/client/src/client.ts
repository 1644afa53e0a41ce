import { asyncDispose } from './async-dispose.ts'
import { Connection } from './connection.ts'
import type { Begin, DurableSeat } from './cursor-storage.ts'
import type { EventClient, Subscribe } from './event-client.ts'
import { createEventIterator } from './event-iterator.ts'
import { HandlerError } from './handler-error.ts'
import { type EventClientOptions, readOptions } from './options.ts'
import { requireArgument } from './require-argument.ts'
import { createStatusBoard } from './status.ts'
import { readSubscribeCall } from './subscribe-arguments.ts'
import { type Consumer, createSubscriber, cursorOf, type Interest } from './subscriber.ts'
import type { Subscription } from './subscription.ts'

/**
 * Makes a client: `createEventClient({ url: '/events' })`. It connects with the first subscription and not before, and its
 * functions may be passed on without it.
 *
 * @throws TypeError for an option that cannot be
 */
export function createEventClient(options: EventClientOptions): EventClient {
  const settings = readOptions(options)
  if (options.connections) return options.connections(options, createEventClient)
  const { report, signal, storage } = settings
  const status = createStatusBoard((cause) => report(new HandlerError(undefined, cause)))
  const connection = options.share?.(settings, status) ?? new Connection(settings, status)
  let closing: Promise<unknown> | undefined

  function open(interest: Interest, consumer: Consumer, begin?: Begin): Subscription {
    const subscriber = createSubscriber(interest, consumer, report, connection.remove)
    const { address, ready, close } = subscriber
    // It may have been waited for.
    const start = () => (closing ? close() : connection.add(subscriber))
    if (interest.signal?.aborted) close()
    else if (begin) begin(subscriber, start)
    else start()
    return {
      address,
      ready,
      get cursor() {
        connection.settle(subscriber)
        return cursorOf(subscriber)
      },
      ack() {},
      close,
      [asyncDispose]: async () => close(),
    }
  }

  function subscribe(...given: Parameters<typeof readSubscribeCall>): unknown {
    const call = readSubscribeCall(...given)
    const { handler } = call
    requireArgument(!closing, 'The client is closed')
    const make: DurableSeat['make'] = (start) =>
      handler ? start({ consume: handler, ...call['~watch'] }) : createEventIterator(start)
    if (!(call.durable ?? call.ack)) return make((consumer) => open(call, consumer))
    requireArgument(storage, 'durable and ack need the option storage')
    return storage['~keep']({ settings, call, make, open })
  }

  function close(): Promise<void> {
    signal?.removeEventListener('abort', close)
    closing ??= connection.close().then(() => storage?.['~flush']())
    return closing as Promise<void>
  }

  if (signal?.aborted) void close()
  else signal?.addEventListener('abort', close)
  return {
    // What arrives is as the contract has it; that each form promises just that is what the type tests are for.
    subscribe: subscribe as Subscribe,
    get status() {
      return status.current
    },
    onStatus: status.listen,
    reconnect: () => connection.reconnect(),
    close,
    [asyncDispose]: close,
  }
}
