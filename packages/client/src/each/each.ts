import { asyncDispose } from '../async-dispose.ts'
import type { createEventClient } from '../client.ts'
import type { EventClient, Subscribe } from '../event-client.ts'
import { HandlerError } from '../handler-error.ts'
import { type EventClientOptions, readOptions } from '../options.ts'
import { requireArgument } from '../require-argument.ts'
import { type ConnectionStatus, createStatusBoard } from '../status.ts'
import type { Subscription } from '../subscription.ts'

// The client is as the connection that fares worst.
const worstFirst = ['waiting', 'connecting', 'paused', 'open', 'idle', 'closed']
const rank = ({ state }: ConnectionStatus) => worstFirst.indexOf(state)

/**
 * Gives each subscription a connection of its own: `createEventClient({ url, connections: each })`. None waits for the handlers of another,
 * and each has its own attempts and back-off. Over HTTP/2 that is cheap; over HTTP/1.1 a browser has six connections to a server, for
 * all of its tabs.
 */
export function each(options: EventClientOptions, create: typeof createEventClient): EventClient {
  const { connections: _, signal, ...own } = options
  const { report } = readOptions(options)
  const board = createStatusBoard((cause) => report(new HandlerError(undefined, cause)))
  const clients = new Set<EventClient>()
  let closing: Promise<void> | undefined

  function show(last: ConnectionStatus): void {
    const [worst = last] = [...clients].map(({ status }) => status).sort((a, b) => rank(a) - rank(b))
    board.show(closing ? { state: 'closed' } : worst)
  }

  function subscribe(...given: unknown[]): unknown {
    requireArgument(!closing, 'The client is closed')
    const client = create(own)
    const subscription = (client.subscribe as (...given: unknown[]) => Subscription)(...given)
    clients.add(client)
    client.onStatus((status) => {
      if (rank(status) >= rank({ state: 'idle' })) clients.delete(client)
      show(status)
    })
    // One that is closed before it has asked for anything has nothing to tell. That may take as long as a store does.
    subscription.ready.catch(() => clients.delete(client))
    return subscription
  }

  function close(): Promise<void> {
    signal?.removeEventListener('abort', close)
    closing ??= Promise.all([...clients].map((client) => client.close())).then(async () => {
      // Also of those that are over.
      await own.storage?.['~flush']()
    })
    show({ state: 'closed' })
    return closing
  }

  if (signal?.aborted) void close()
  else signal?.addEventListener('abort', close)
  return {
    // Those of the client that it makes.
    subscribe: subscribe as Subscribe,
    get status() {
      return board.current
    },
    onStatus: board.listen,
    reconnect() {
      for (const client of clients) client.reconnect()
    },
    close,
    [asyncDispose]: close,
  }
}
