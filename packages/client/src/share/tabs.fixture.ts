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
  /** How many turns later it hears what is said: on one channel in the order in which it was said. */
  delay = 0
  readonly #openChannelOf: (name: string) => ShareChannel

  constructor(
    locks: LockManager,
    openChannel: (name: string) => ShareChannel,
    options: Partial<EventClientOptions>,
    share: AcrossTabsOptions,
  ) {
    this.#locks = locks
    this.#openChannelOf = openChannel
    const { request } = locks.for(this)
    const { fetch = globalThis.fetch } = options
    this.client = createEventClient({
      url: 'http://server.test/events',
      clock: this.clock,
      random: () => 0.5,
      onError: (error) => this.errors.push(error),
      ...options,
      fetch: (request) =>
        this.gate(
          fetch(new Request(request, { signal: AbortSignal.any([request.signal, this.#gone.signal]) })),
        ).then((response) => (response.ok ? this.#gateBody(response) : response)),
      share: acrossTabs({
        identity: 'ann',
        locks: {
          request: (name, options, task) => this.gate(request(name, options, () => this.#run(task))),
        },
        openChannel: (name) => this.#openChannel(name),
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

  /** What has happened outside is learned of only when it runs. */
  gate<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.#run(() => resolve(value)),
        (error) => this.#run(() => reject(error)),
      )
    })
  }

  #gateBody({ status, headers, body }: Response): Response {
    const reader = body?.getReader()
    if (!reader) return new Response(null, { status, headers })
    const gated = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: async (controller) => {
          const { value, done } = await this.gate(reader.read())
          if (done) controller.close()
          else controller.enqueue(value)
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    )
    return new Response(gated, { status, headers })
  }

  /** Does something at once, or when it runs again: never, where it is gone. */
  #run<T>(task: () => T): T | Promise<Awaited<T>> | undefined {
    if (this.#state === 'awake') return task()
    if (this.#state === 'gone') return undefined
    return new Promise((resolve) => this.#held.push(() => resolve(task() as Awaited<T>)))
  }

  #openChannel(name: string): ShareChannel {
    const channel = this.#openChannelOf(name)
    let isOpen = true
    // What is on its way.
    let late = 0
    let heard = Promise.resolve()
    return {
      // What it does meanwhile in this process, it would do only later.
      postMessage: (message) =>
        this.#run(() => {
          if (isOpen && !this.loses(message as object)) channel.postMessage(message)
        }),
      addEventListener: (type, listener) =>
        channel.addEventListener(type, ({ data }) => {
          if (this.#state === 'frozen') this.heldCharacters += JSON.stringify(data).length
          const hear = () => this.#run(() => listener({ data }))
          if (this.delay === 0 && late === 0) {
            hear()
            return
          }
          late += 1
          heard = Promise.all([heard, turns(this.delay)]).then(() => {
            late -= 1
            hear()
          })
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
  readonly #openChannel: (name: string) => ShareChannel
  readonly #tabs: Tab[] = []

  constructor(openChannel: (name: string) => ShareChannel = (name) => new BroadcastChannel(name)) {
    const prefix = `origin ${++origins} `
    this.#openChannel = (name) => openChannel(`${prefix}${name}`)
  }

  open(options: Partial<EventClientOptions> = {}, share: AcrossTabsOptions = {}): Tab {
    const tab = new Tab(this.locks, this.#openChannel, options, share)
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

/** Lets so many turns of the event loop pass. */
export async function turns(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 1) await turn()
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
