import type { Settings } from '../options.ts'
import type { ConnectionStatus } from '../status.ts'
import type { Subscriber } from '../subscriber.ts'
import { readStatus } from './carried-error.ts'
import type { Environment, ShareChannel } from './environment.ts'
import { Leader } from './leader.ts'
import { Leadership } from './leadership.ts'
import { type Entry, type ToGroup, type ToLeader, type ToTab, type Want, weightOf } from './messages.ts'

/** Pings that may go without an answer, one after the other. */
const unanswered = 3

/** After how much that was taken it says so, roughly in characters; else with the next ping. */
const tellEvery = 64 * 1024

/** What a tab takes part with. */
export interface TabOptions {
  readonly settings: Settings
  readonly environment: Environment
  readonly name: string
  readonly patience: number
  /** Its subscriptions, by their numbers. */
  readonly members: ReadonlyMap<number, Subscriber>
  /** Takes what has come. A promise is awaited before the next. */
  handle(entry: Entry): Promise<unknown> | undefined
  status(status: ConnectionStatus): void
  /** What comes is not all any more. */
  lost(): void
  /** It cannot be done here. */
  fail(error: unknown): void
}

/** One tab among those that share a stream. It asks whoever leads for what it wants, and may be the one who leads. */
export class Tab {
  readonly #options: TabOptions
  readonly #id = crypto.randomUUID()
  readonly #group: ShareChannel
  readonly #own: ShareChannel
  readonly #leadership: Leadership
  #over = false
  #goAway: (() => void) | undefined
  #cancelTick: (() => void) | undefined
  #leader: Leader | undefined
  /** Whose word counts. */
  #term: string | undefined
  /** Who leads no more. */
  readonly #gone = new Set<string>()
  /** Who has been asked, and for which numbers. */
  #asked: string | undefined
  /** How often it has asked for everything anew; how often something has come since, and how often it has wanted others. */
  #round = 0
  #heard = 0
  #changes = 0
  #wanted = new Set<number>()
  #missed = 0
  /** What has come and was not handled; a function is something to be done in its turn. */
  readonly #inbox: (readonly Entry[] | (() => unknown))[] = []
  #handling = false
  #taken = 0
  #told = 0

  constructor(options: TabOptions) {
    this.#options = options
    const { name, environment } = options
    const { locks, openChannel } = environment
    this.#group = openChannel(name)
    this.#own = openChannel(`${name}/${this.#id}`)
    this.#group.addEventListener('message', ({ data }) => this.#hearGroup(data as ToGroup))
    this.#own.addEventListener('message', ({ data }) => this.#hearLeader(data as ToTab))
    this.#leadership = new Leadership(locks, name, {
      begin: () => {
        void this.#endLeading()
        this.#leader = new Leader(options.settings, environment, name)
      },
      lose: () => void this.#endLeading(),
      fail: options.fail,
    })
    // As long as it is held, the tab is there. Whoever leads waits for its end.
    locks
      .request(`${name}/${this.#id}`, {}, () => {
        if (this.#over) return undefined
        this.#leadership.claim()
        this.#tick()
        return new Promise<void>((resolve) => {
          this.#goAway = resolve
        })
      })
      .catch((error) => this.#over || options.fail(error))
  }

  /** Others are wanted than were. */
  update(): void {
    if (this.#asked !== this.#term) return
    const { members } = this.#options
    const ask = [...members].filter(([number]) => !this.#wanted.has(number)).map(wantOf)
    const drop = [...this.#wanted].filter((number) => !members.has(number))
    this.#wanted = new Set(members.keys())
    if (!ask[0] && !drop[0]) return
    this.#changes += 1
    this.#say({ ask, drop })
  }

  reconnect(): void {
    this.#say({ reconnect: true })
  }

  /** Resolves when nothing is open any more. */
  async close(): Promise<void> {
    this.#over = true
    this.#inbox.length = 0
    this.#cancelTick?.()
    const closed = this.#endLeading()
    this.#group.close()
    this.#own.close()
    // Whoever comes next finds no stream open.
    this.#leadership.release()
    this.#goAway?.()
    await closed
  }

  async #endLeading(): Promise<void> {
    const leader = this.#leader
    this.#leader = undefined
    await leader?.close()
  }

  #hearGroup({ leads, left }: ToGroup): void {
    if (this.#over) return
    // What it said last on another channel may be heard only later.
    if (left) this.#gone.add(left)
    if (leads ? leads === this.#term : !left || left !== this.#term) return
    this.#lose()
    // Until it has answered, again at each tick.
    this.#look()
  }

  #lose(): void {
    this.#term = undefined
    this.#options.status({ state: 'connecting' })
    this.#take(this.#options.lost)
  }

  /** Looks for whoever leads. */
  #look(): void {
    this.#group.postMessage({ who: this.#id } satisfies ToGroup)
  }

  #hearLeader({ term, leads, pong, status, entries, round, count }: ToTab): void {
    if (this.#over) return
    if (leads && term !== this.#term && !this.#gone.has(term)) {
      this.#term = term
      // From where it stands once it has handled what the one before has brought.
      this.#take(() => this.#askAnew(term))
      return
    }
    if (term !== this.#term) return
    this.#missed = 0
    if (status) this.#options.status(readStatus(status))
    const asked = this.#round
    const isNow = round === asked
    if (entries && isNow) this.#heard += 1
    const isWhole = isNow && count === this.#heard
    // An answer comes after all that was said before it, and so do the next entries.
    if (pong === asked ? !isWhole : entries && isNow && !isWhole) {
      this.#take(() => asked === this.#round && this.#askAnew(term))
    } else if (entries && isNow) this.#take(entries)
  }

  #askAnew(term: string): void {
    if (term !== this.#term) return
    const { members, lost } = this.#options
    lost()
    // What has come in the round before comes again.
    this.#inbox.length = 0
    this.#asked = term
    this.#round += 1
    this.#heard = 0
    this.#changes = 0
    this.#taken = 0
    this.#told = 0
    this.#wanted = new Set(members.keys())
    this.#say({ round: this.#round, ask: [...members].map(wantOf) })
  }

  #take(item: readonly Entry[] | (() => unknown)): void {
    this.#inbox.push(item)
    if (!this.#handling) void this.#handle()
  }

  async #handle(): Promise<void> {
    this.#handling = true
    for (let item = this.#inbox.shift(); item; item = this.#inbox.shift()) {
      if (typeof item === 'function') {
        item()
        continue
      }
      const term = this.#asked
      for (const entry of item) {
        if (entry.kind === 'lag') {
          if (term) this.#askAnew(term)
          continue
        }
        const handling = this.#options.handle(entry)
        if (handling) await handling
        if (this.#over) return
        this.#taken += weightOf(entry)
      }
      if (term === this.#term && this.#taken - this.#told > tellEvery) this.#tellTaken()
    }
    this.#handling = false
  }

  readonly #tick = (): void => {
    const { settings, patience } = this.#options
    this.#cancelTick = settings.clock.after(patience / unanswered, this.#tick)
    if (this.#missed++ >= unanswered) {
      // It holds the lock, and does nothing: it is frozen, or worse.
      this.#missed = 0
      this.#lose()
      if (!this.#leader) this.#leadership.steal()
    }
    if (this.#term) this.#tellTaken()
    // Another one may lead by now.
    if (!this.#term || this.#missed > 1) this.#look()
  }

  #tellTaken(): void {
    this.#told = this.#taken
    this.#say({ ping: this.#round, count: this.#changes, taken: this.#taken })
  }

  #say(message: Omit<ToLeader, 'term'>): void {
    if (this.#term && !this.#over) this.#own.postMessage({ term: this.#term, ...message } satisfies ToLeader)
  }
}

function wantOf([number, { address, names, takesStates, place }]: readonly [number, Subscriber]): Want {
  return { number, address, names, takesStates, place }
}
