import type { Clock } from '../clock.ts'
import type { Connection } from '../connection.ts'
import type { ConnectionStatus } from '../status.ts'
import type { Subscriber } from '../subscriber.ts'
import { carryStatus } from './carried-error.ts'
import type { ShareChannel } from './environment.ts'
import { type Entry, type News, type ToLeader, type ToTab, type Want, weightOf } from './messages.ts'
import { createRemoteSubscriber } from './remote-subscriber.ts'

/** What may be on its way to a tab, roughly in characters. */
const window = 512 * 1024

/** How long all others wait for a tab whose window is full, in milliseconds. */
const longestWait = 250

/** A tab, as the one that leads sees it: what it wants, and what is on its way to it. */
export class TabLink {
  readonly #term: string
  readonly #channel: ShareChannel
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #remotes = new Map<number, Subscriber>()
  #outbox: Entry[] = []
  #round = 0
  #count = 0
  #changes = 0
  #sent = 0
  #taken = 0
  /** Whether it is to ask anew before anything else. */
  #waits = true
  #over = false
  /** Resolves when there is room again. */
  #room: Promise<void> | undefined
  #endRoom: (() => void) | undefined

  constructor(term: string, channel: ShareChannel, connection: Connection, clock: Clock) {
    this.#term = term
    this.#channel = channel
    this.#connection = connection
    this.#clock = clock
  }

  /** Says who leads. */
  introduce(): void {
    this.#post({ leads: true })
  }

  tell(status: ConnectionStatus): void {
    // To one that does not take anything, the last of them will do.
    if (!this.#waits) this.#post({ status: carryStatus(status) })
  }

  /** Tells it where its subscriptions stand. */
  settle(): void {
    for (const remote of this.#remotes.values()) this.#connection.settle(remote)
  }

  receive({ ask, round, drop, taken, reconnect, ping, count }: ToLeader, status: ConnectionStatus): void {
    if (this.#over) return
    if (round !== undefined) {
      this.#letAllGo()
      this.#waits = false
      // What waits to leave is of the round before.
      this.#outbox = []
      this.#round = round
      this.#count = 0
      this.#changes = 0
      this.#sent = 0
      this.#taken = 0
      this.tell(status)
    }
    if (reconnect) this.#connection.reconnect()
    if (ping !== undefined) this.#post({ pong: ping })
    if (this.#waits) return
    if (drop) this.#changes += 1
    for (const number of drop ?? []) this.#letGo(number)
    for (const want of ask ?? []) this.#add(want)
    if (taken !== undefined) {
      this.#taken = taken
      if (this.#sent - taken <= window / 2) this.#endRoom?.()
      // What it has wanted never came here.
      if (count !== this.#changes) this.#fallBehind()
    }
  }

  /** The tab is gone, or another one leads. */
  close(): void {
    this.#letAllGo()
    this.#over = true
    this.#endRoom?.()
    this.#channel.close()
  }

  #add(want: Want): void {
    const { number } = want
    this.#letGo(number)
    const remote = createRemoteSubscriber(want, (from, news) => {
      // One that was let go of, or asked for anew, may still be told something.
      if (this.#remotes.get(number) !== from) return undefined
      if (news.kind === 'end') this.#remotes.delete(number)
      this.#send(news, number)
      return this.#patience()
    })
    this.#remotes.set(number, remote)
    this.#connection.add(remote)
  }

  #letGo(number: number): void {
    const remote = this.#remotes.get(number)
    if (!remote) return
    this.#remotes.delete(number)
    this.#connection.remove(remote)
  }

  #letAllGo(): void {
    for (const number of this.#remotes.keys()) this.#letGo(number)
  }

  #send(news: News, ...to: number[]): void {
    if (this.#waits) return
    const last = this.#outbox.at(-1)
    // Several of its subscriptions may be told the same.
    if (last && isSame(last, news)) {
      last.to.push(...to)
      return
    }
    const entry = { ...news, to }
    this.#sent += weightOf(entry)
    // All of one turn leave together.
    if (this.#outbox.push(entry) === 1) queueMicrotask(this.#flush)
  }

  readonly #flush = (): void => {
    const entries = this.#outbox
    this.#outbox = []
    this.#count += 1
    this.#post({ entries })
  }

  /** Lets the stream wait for a tab that has much on its way already, but not for long: there are others. */
  #patience(): Promise<void> | undefined {
    if (this.#sent - this.#taken <= window) return undefined
    this.#room ??= new Promise((resolve) => {
      const cancel = this.#clock.after(longestWait, () => {
        this.#fallBehind()
        this.#endRoom?.()
      })
      this.#endRoom = () => {
        cancel()
        this.#room = undefined
        this.#endRoom = undefined
        resolve()
      }
    })
    return this.#room
  }

  /** It does not keep up, or what it has said was lost. Once it has taken what it has, it will ask for everything from there. */
  #fallBehind(): void {
    this.#letAllGo()
    this.#send({ kind: 'lag' })
    this.#waits = true
  }

  #post(message: Omit<ToTab, 'term' | 'round' | 'count'>): void {
    const whole: ToTab = { term: this.#term, round: this.#round, count: this.#count, ...message }
    if (!this.#over) this.#channel.postMessage(whole)
  }
}

function isSame(entry: Entry, news: News): boolean {
  return Object.entries(news).every(([key, value]) => entry[key as keyof Entry] === value)
}
