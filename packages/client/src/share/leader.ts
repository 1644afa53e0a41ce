import { Connection } from '../connection.ts'
import type { Settings } from '../options.ts'
import { createStatusBoard } from '../status.ts'
import type { Environment, ShareChannel } from './environment.ts'
import type { ToGroup, ToLeader } from './messages.ts'
import { createPokedClock } from './poked-clock.ts'
import { TabLink } from './tab-link.ts'

/** How often tabs are told where their subscriptions stand when nothing else says so, in milliseconds. */
const settleEvery = 1_000

/** The tab that streams for all. Its own subscriptions come like those of every other tab. */
export class Leader {
  readonly #term = crypto.randomUUID()
  readonly #settings: Settings
  readonly #environment: Environment
  readonly #name: string
  readonly #group: ShareChannel
  readonly #clock
  readonly #status
  readonly #connection: Connection
  readonly #links = new Map<string, TabLink>()
  /** Ends the waits for the ends of tabs. */
  readonly #over = new AbortController()
  #settledAt = 0

  constructor(settings: Settings, environment: Environment, name: string) {
    this.#settings = settings
    this.#environment = environment
    this.#name = name
    this.#clock = createPokedClock(settings.clock)
    this.#status = createStatusBoard(() => {})
    this.#connection = new Connection(
      // A tab that rests takes no part, and so does not lead.
      { ...settings, clock: this.#clock, whenHidden: 'keep' },
      this.#status,
    )
    this.#status.listen((status) => {
      for (const link of this.#links.values()) link.tell(status)
    })
    this.#group = environment.openChannel(name)
    this.#group.addEventListener('message', ({ data }) => {
      const { who } = data as ToGroup
      if (who && !this.#over.signal.aborted) this.#meet(who)
    })
    this.#say({ leads: this.#term })
  }

  /** Resolves when nothing is open any more. No stream is, once it was called. */
  close(): Promise<void> {
    this.#over.abort()
    for (const link of this.#links.values()) link.close()
    this.#links.clear()
    const closed = this.#connection.close()
    this.#say({ left: this.#term })
    this.#group.close()
    return closed
  }

  #meet(tab: string): void {
    this.#clock.poke()
    const known = this.#links.get(tab)
    if (known) {
      known.introduce()
      return
    }
    const name = `${this.#name}/${tab}`
    const channel = this.#environment.openChannel(name)
    const link = new TabLink(this.#term, channel, this.#connection, this.#clock)
    this.#links.set(tab, link)
    channel.addEventListener('message', ({ data }) => {
      const message = data as ToLeader
      if (message.term !== this.#term || this.#over.signal.aborted) return
      this.#clock.poke()
      this.#settle()
      link.receive(message, this.#status.current)
    })
    // It holds a lock of that name as long as it lives, and no longer, however it ends.
    this.#environment.locks
      .request(name, { signal: this.#over.signal }, () => {
        this.#links.delete(tab)
        link.close()
        return undefined
      })
      .catch(() => {})
    link.introduce()
  }

  #settle(): void {
    const now = this.#settings.clock.now()
    if (now - this.#settledAt < settleEvery) return
    this.#settledAt = now
    for (const link of this.#links.values()) link.settle()
  }

  #say(message: ToGroup): void {
    this.#group.postMessage(message)
  }
}
