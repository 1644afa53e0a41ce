import { afterEach, beforeEach, vi } from 'vitest'
import type { ClientError } from './client-error.ts'
import { FakeClock } from './fake-clock.fixture.ts'
import { createEventClient, type EventClient, type EventClientOptions } from './index.ts'
import { StreamServer } from './stream-server.fixture.ts'

/** A server and its clients, new for each test of the file. Time is the test's: no wait passes by itself. */
export interface Harness {
  readonly server: StreamServer
  readonly clock: FakeClock
  /** What the clients' `onError` was told. */
  readonly errors: ClientError[]
  /** Makes a client, which is closed after the test. */
  createClient(options?: Partial<EventClientOptions>): EventClient
}

export function useHarness(): Harness {
  let server: StreamServer
  let clock: FakeClock
  let errors: ClientError[]
  let clients: EventClient[]
  beforeEach(async () => {
    server = await StreamServer.start()
    clock = new FakeClock()
    errors = []
    clients = []
  })
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()))
    await server.stop()
  })
  return {
    get server() {
      return server
    },
    get clock() {
      return clock
    },
    get errors() {
      return errors
    },
    createClient(options = {}) {
      const client = createEventClient({
        url: server.url,
        clock,
        random: () => 0.5,
        onError: (error) => errors.push(error),
        ...options,
      })
      clients.push(client)
      return client
    },
  }
}

/** Resolves with the next status of this state, or at once when it is so. */
export function untilState(client: EventClient, state: EventClient['status']['state']) {
  return new Promise<EventClient['status']>((resolve) => {
    const stop = client.onStatus(look)
    function look(): void {
      if (client.status.state !== state) return
      stop()
      resolve(client.status)
    }
    look()
  })
}

/** Resolves once what is looked at is as it is to be. How long that takes at most matters only where it never is. */
export function eventually(look: () => void): Promise<void> {
  return vi.waitFor(look, { timeout: 60_000, interval: 5 })
}

/** A list that a test can wait for. */
export class Seen<Item> {
  readonly items: Item[] = []
  readonly #waiting = new Set<() => void>()

  readonly push = (item: Item): void => {
    this.items.push(item)
    for (const look of this.#waiting) look()
  }

  /** Resolves once there are as many. */
  async count(count: number): Promise<readonly Item[]> {
    await new Promise<void>((resolve) => {
      const look = () => {
        if (this.items.length < count) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
    return this.items
  }
}
