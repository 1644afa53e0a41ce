import { Connection } from '../connection.ts'
import type { Link } from '../link.ts'
import type { Settings } from '../options.ts'
import { watchPage } from '../page-life.ts'
import type { ConnectionStatus, StatusBoard } from '../status.ts'
import type { Subscriber } from '../subscriber.ts'
import { readError } from './carried-error.ts'
import { EntryHandler } from './entry-handler.ts'
import type { Environment } from './environment.ts'
import { type Entry, readPlace } from './messages.ts'
import { ShareError } from './share-error.ts'
import { Tab } from './tab.ts'

/** How long a tab that wants nothing any more still takes part, in milliseconds: others would have to find a new leader. */
const linger = 1_000

/** Where a tab finds the others. */
export interface Group {
  readonly environment: Environment
  readonly name: string
}

/** Serves the subscriptions of one tab by the stream of all. */
export class SharedConnection implements Link {
  readonly #settings: Settings
  readonly #status: StatusBoard
  readonly #patience: number
  readonly #find: () => Promise<Group>
  readonly #handler: EntryHandler
  /** Its subscriptions, numbered as they came. */
  readonly #members = new Map<number, Subscriber>()
  #lastNumber = 0
  #phase: ConnectionStatus = { state: 'connecting' }
  /** What it is without subscriptions. */
  #outcome: ConnectionStatus = { state: 'idle' }
  /** Counts the lives that it had among the others, so that what is late is of none. */
  #life = 0
  #group: Promise<Group> | undefined
  #begun = false
  /** What is being handled, or was the last to be. */
  #handling: Promise<unknown> | undefined
  #tab: Tab | undefined
  #updating = false
  #cancelLinger: (() => void) | undefined
  /** Whether the page is put aside, or hidden and to have no stream then. */
  #rests = false
  #stopWatching: (() => void) | undefined
  /** Where nothing can be shared. */
  #alone: Connection | undefined
  #closing: Promise<void> | undefined

  constructor(settings: Settings, status: StatusBoard, patience: number, find: () => Promise<Group>) {
    this.#settings = settings
    this.#status = status
    this.#patience = patience
    this.#find = find
    this.#handler = new EntryHandler(settings.report, (subscriber, error) => {
      subscriber.end(error)
      this.remove(subscriber)
    })
  }

  add(subscriber: Subscriber): void {
    if (this.#alone) {
      this.#alone.add(subscriber)
    } else {
      this.#members.set(++this.#lastNumber, subscriber)
      this.#scheduleUpdate()
    }
  }

  readonly remove = (subscriber: Subscriber): void => {
    this.#alone?.remove(subscriber)
    for (const [number, member] of this.#members) if (member === subscriber) this.#members.delete(number)
    this.#scheduleUpdate()
  }

  // It is told by the one that leads.
  settle(subscriber: Subscriber): void {
    this.#alone?.settle(subscriber)
  }

  reconnect(): void {
    if (this.#alone) this.#alone.reconnect()
    else this.#tab?.reconnect()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#alone) return this.#alone.close()
    this.#outcome = { state: 'closed' }
    for (const subscriber of this.#members.values()) subscriber.close()
    const left = this.#leave()
    this.#unwatch()
    this.#show()
    await left
  }

  // Those of one turn are one change.
  #scheduleUpdate(): void {
    if (this.#updating) return
    this.#updating = true
    queueMicrotask(() => {
      this.#updating = false
      this.#update()
    })
  }

  #update(): void {
    if (this.#closing || this.#alone) return
    this.#cancelLinger?.()
    if (this.#members.size > 0) {
      this.#outcome = { state: 'idle' }
      this.#stopWatching ??= watchPage(this.#settings, { online() {}, rest: this.#rest })
      if (!this.#begun && !this.#rests) this.#begin()
    } else if (this.#begun) {
      this.#cancelLinger = this.#settings.clock.after(linger, () => {
        void this.#leave()
        this.#unwatch()
      })
    } else {
      this.#unwatch()
    }
    this.#show()
    this.#tab?.update()
  }

  #begin(): void {
    this.#begun = true
    this.#phase = { state: 'connecting' }
    const life = ++this.#life
    this.#group ??= this.#find()
    this.#group
      .then(async ({ environment, name }) => {
        // What was being handled when it took its leave is done before it says where it stands.
        await this.#handling
        if (life !== this.#life) return
        this.#tab = new Tab({
          settings: this.#settings,
          environment,
          name,
          patience: this.#patience,
          members: this.#members,
          handle: (entry) => {
            this.#handling = this.#handle(entry)
            return this.#handling
          },
          status: (status) => this.#hearStatus(status),
          lost: this.#lost,
          fail: (error) => this.#standAlone(life, error),
        })
      })
      .catch((error) => this.#standAlone(life, error))
  }

  readonly #rest = (rests: boolean): void => {
    if (rests === this.#rests) return
    this.#rests = rests
    if (rests) {
      void this.#leave()
      this.#lost()
    }
    this.#phase = { state: rests ? 'paused' : 'connecting' }
    this.#scheduleUpdate()
  }

  #unwatch(): void {
    this.#stopWatching?.()
    this.#stopWatching = undefined
    this.#rests = false
  }

  readonly #lost = (): void => {
    for (const { turn } of this.#members.values()) turn?.(false)
  }

  /** Takes no part any more. Whoever subscribes then begins anew. */
  async #leave(): Promise<void> {
    this.#life += 1
    this.#begun = false
    this.#cancelLinger?.()
    const tab = this.#tab
    this.#tab = undefined
    await tab?.close()
  }

  #standAlone(life: number, error: unknown): void {
    if (life !== this.#life) return
    void this.#leave()
    this.#unwatch()
    this.#alone = new Connection(this.#settings, this.#status)
    this.#settings.report(new ShareError(error))
    for (const subscriber of this.#members.values()) this.#alone.add(subscriber)
    this.#members.clear()
  }

  #handle(entry: Entry): Promise<unknown> | undefined {
    const members = entry.to.flatMap((number) => this.#members.get(number) ?? [])
    if (entry.kind === 'message') return this.#handler.message(entry.message, members)
    if (entry.kind === 'reset') return this.#handler.reset(entry.reset, readPlace(entry.place), members)
    if (entry.kind === 'place') {
      for (const member of members) this.#handler.place(readPlace(entry.place), member)
    } else if (entry.kind === 'confirm') {
      for (const member of members) member.confirm()
    } else if (entry.kind === 'turn') {
      for (const member of members) member.turn?.(entry.isCurrent)
    } else if (entry.kind === 'end') {
      const error = entry.error && readError(entry.error)
      for (const number of entry.to) this.#members.delete(number)
      if (members[0] && this.#members.size === 0) {
        this.#outcome = error ? { state: 'closed', cause: error } : this.#outcome
        this.#scheduleUpdate()
      }
      const untold = members.filter((member) => !member.end(error))
      if (error && untold[0]) this.#settings.report(error)
    }
    return undefined
  }

  #hearStatus(status: ConnectionStatus): void {
    // Of those who are asked for only now, who leads may not know yet.
    this.#phase = /idle|closed/.test(status.state) ? { state: 'connecting' } : status
    // It was told why before there was nothing left to be told of.
    if (status.state === 'closed' && this.#members.size === 0) this.#outcome = status
    this.#show()
  }

  #show(): void {
    this.#status.show(this.#members.size > 0 ? this.#phase : this.#outcome)
  }
}
