import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach } from 'vitest'
import type { ClientError } from '../client-error.ts'
import { FakeClock } from '../fake-clock.fixture.ts'
import { createEventClient, type EventClient, type EventClientOptions } from '../index.ts'
import { type AcrossTabsOptions, acrossTabs } from '../share.ts'
import type { ShareChannel } from './environment.ts'
import { LockManager } from './lock-manager.fixture.ts'

let origins = 0

/** A tab of a browser: a client, and what may become of it. Time is the test's. */
export class Tab {
  readonly clock = new FakeClock()
  readonly errors: ClientError[] = []
  readonly client: EventClient
  readonly #locks: LockManager
  readonly #gone = new AbortController()
  #state: 'awake' | 'frozen' | 'gone' = 'awake'
  #held: (() => void)[] = []
  /** How much has come for it while it was frozen, in characters. */
  heldCharacters = 0
  /** Whether what it says is lost on the way. */
  loses: (message: object) => boolean = () => false

  constructor(
    locks: LockManager,
    prefix: string,
    options: Partial<EventClientOptions>,
    share: AcrossTabsOptions,
  ) {
    this.#locks = locks
    const { request } = locks.for(this)
    const { fetch = globalThis.fetch } = options
    this.client = createEventClient({
      url: 'http://server.test/events',
      clock: this.clock,
      random: () => 0.5,
      onError: (error) => this.errors.push(error),
      ...options,
      fetch: (request) =>
        fetch(new Request(request, { signal: AbortSignal.any([request.signal, this.#gone.signal]) })),
      share: acrossTabs({
        identity: 'ann',
        locks: {
          request: (name, options, task) =>
            this.#gate(request(name, options, () => (this.#state === 'gone' ? undefined : task()))),
        },
        openChannel: (name) => this.#openChannel(`${prefix}${name}`),
        ...share,
      }),
    })
  }

  /** Ends it as a crash does: nothing of it runs any more. */
  crash(): void {
    this.#state = 'gone'
    this.#held = []
    this.#locks.end(this)
    this.#gone.abort()
  }

  /** Nothing of it runs until it is thawed; what it holds, it goes on holding. */
  freeze(): void {
    if (this.#state === 'awake') this.#state = 'frozen'
  }

  thaw(): void {
    if (this.#state === 'gone') return
    this.#state = 'awake'
    for (const task of this.#held.splice(0)) task()
  }

  async close(): Promise<void> {
    if (this.#state === 'gone') return
    this.thaw()
    await this.client.close()
  }

  #run(task: () => void): void {
    if (this.#state === 'awake') task()
    else if (this.#state === 'frozen') this.#held.push(task)
  }

  /** What has happened outside is learned of only when it runs. */
  #gate<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.#run(() => resolve(value)),
        (error) => this.#run(() => reject(error)),
      )
    })
  }

  #openChannel(name: string): ShareChannel {
    const channel = new BroadcastChannel(name)
    let isOpen = true
    return {
      // What it does meanwhile in this process, it would do only later.
      postMessage: (message) =>
        this.#run(() => {
          if (isOpen && !this.loses(message as object)) channel.postMessage(message)
        }),
      addEventListener: (type, listener) =>
        channel.addEventListener(type, ({ data }) => {
          if (this.#state === 'frozen') this.heldCharacters += JSON.stringify(data).length
          this.#run(() => listener({ data }))
        }),
      close() {
        isOpen = false
        channel.close()
      },
    }
  }
}

/** The tabs of one origin. */
export class Origin {
  readonly locks = new LockManager()
  readonly #prefix = `origin ${++origins} `
  readonly #tabs: Tab[] = []

  open(options: Partial<EventClientOptions> = {}, share: AcrossTabsOptions = {}): Tab {
    const tab = new Tab(this.locks, this.#prefix, options, share)
    this.#tabs.push(tab)
    return tab
  }

  async close(): Promise<void> {
    await Promise.all(this.#tabs.map((tab) => tab.close()))
  }
}

/** One for each test of the file. */
export function useOrigin(): Pick<Origin, 'locks' | 'open'> {
  let origin: Origin
  beforeEach(() => {
    origin = new Origin()
  })
  afterEach(() => origin.close())
  return {
    get locks() {
      return origin.locks
    },
    open: (options, share) => origin.open(options, share),
  }
}

/** Waits for what is sure to come, and lets the time of tabs pass meanwhile where it needs time. */
export async function until(isSo: () => boolean, ...ticking: readonly Tab[]): Promise<void> {
  // Nothing here takes nearly as long; what does not come is told before the test's own time is over.
  const giveUpAt = performance.now() + 60_000
  while (performance.now() < giveUpAt) {
    // What has been said meanwhile is heard before time goes on.
    for (let turns = 0; turns < 20; turns += 1) {
      if (isSo()) return
      await turn()
    }
    for (const { clock } of ticking) clock.advance(50)
  }
  throw new Error(`It does not come: ${isSo}`)
}
