import type { ConnectionError } from './connection-error.ts'
import { EventStream } from './event-stream.ts'
import type { Link } from './link.ts'
import type { Settings } from './options.ts'
import { isOffline, watchPage } from './page-life.ts'
import { Router } from './router.ts'
import type { ConnectionStatus, StatusBoard } from './status.ts'
import { planStream } from './stream-plan.ts'
import type { Subscriber } from './subscriber.ts'

/**
 * How long a stream must have been open for the back-off to start afresh, in milliseconds. An event on it is no proof of
 * health: a server that sends one and dies would be asked again at once, for ever.
 */
const healthyAfter = 5_000

/**
 * The least time between two attempts without a network, in milliseconds: what a page says of that may be wrong, as where the server is
 * on the same machine.
 */
const offlineDelay = 60_000

/** The one stream of a client, and the next one where others are wanted. */
export class Connection implements Link {
  readonly #settings: Settings
  readonly #status: StatusBoard
  readonly #subscribers = new Set<Subscriber>()
  #phase: ConnectionStatus = { state: 'idle' }
  /** What it will be when it is over. */
  #outcome = this.#phase
  #running: Promise<void> | undefined
  #updating = false
  /** Whether another stream is wanted than the open one. */
  #outdated = false
  /** Whether the page is to have no stream. */
  #rests = false
  #opening: EventStream | undefined
  /** What is delivered, or was until it ended. */
  #current: EventStream | undefined
  /** Cancels the attempt that is due because the network is back. */
  #cancelAttempt: (() => void) | undefined
  /** Ends the wait for the next attempt, or for the open stream's end. */
  #wake = () => {}
  /**
   * After what it was tried again at once: a 401 since a stream was last open, and nothing that had a status, the end of a stream's
   * rights, since one was last healthy.
   */
  readonly #renewed = new Set<number | undefined>()

  constructor(settings: Settings, status: StatusBoard) {
    this.#settings = settings
    this.#status = status
  }

  /** What is open, and goes on. */
  get #live(): EventStream | undefined {
    return this.#current?.live ? this.#current : undefined
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber)
    this.#scheduleUpdate()
  }

  /** Writes down where a subscription stands. */
  settle(subscriber: Subscriber): void {
    this.#current?.router?.settle([subscriber])
  }

  /** Bound, so that it can be handed out. */
  readonly remove = (subscriber: Subscriber): void => {
    this.settle(subscriber)
    // It stays where it is, whatever else comes before the stream is ended.
    this.#current?.router?.leave(subscriber)
    this.#subscribers.delete(subscriber)
    this.#scheduleUpdate()
  }

  /** Opens a stream now: in the place of the one that is open, which goes on until then, or of the wait for one. */
  reconnect(): void {
    this.#settings.backoff.reset()
    this.#outdated = true
    this.#wake()
  }

  /** Ends all. Resolves when nothing is open any more. */
  async close(): Promise<void> {
    this.#outcome = { state: 'closed' }
    for (const subscriber of this.#subscribers) subscriber.close()
    this.#enter(this.#outcome)
    await this.#running
  }

  async #run(): Promise<void> {
    const unwatch = watchPage(this.#settings, this)
    while (this.#subscribers.size > 0) {
      let cause: ConnectionError | undefined
      const stream = this.#current
      if (this.#rests) await this.#endStream()
      else cause = await (stream && !(this.#outdated && stream.live) ? this.#stream(stream) : this.#connect())
      // Nobody waits for the next attempt where the last one has left meanwhile: it is over, and whoever comes then begins anew.
      if ((cause || this.#rests) && this.#subscribers.size > 0) await this.#wait(cause)
    }
    unwatch()
    this.#cancelAttempt?.()
    // The last one may have left while a stream was opened for it.
    this.#stop()
    this.#current = undefined
    this.#running = undefined
    this.#enter(this.#outcome)
  }

  /** Opens a stream for what is wanted. One that is still open goes on being delivered meanwhile. */
  async #connect(): Promise<ConnectionError | undefined> {
    const { polling, report } = this.#settings
    const poll = !!polling?.next()
    this.#cancelAttempt?.()
    // Between two polls it is as open as ever.
    if (!poll || this.#phase.state !== 'open') this.#enter({ state: 'connecting' })
    // Whoever was told of that may have closed the last subscription.
    if (this.#subscribers.size === 0) return undefined
    this.#outdated = false
    const before = this.#current?.router
    before?.mark()
    const plan = planStream(this.#subscribers, poll)
    const stream = new EventStream(plan, this.#settings)
    this.#opening = stream
    const open = await stream.open()
    if (open) {
      this.#renewed.delete(401)
      this.#enter({ state: 'open' })
    }
    // One that is over has no more to say than that the next one failed.
    if (open || !this.#live) await this.#endStream()
    this.#opening = undefined
    if (!open) return this.#refused(stream)
    // The stream before has led somebody elsewhere meanwhile: this one would tell once more of what was before that.
    if (before?.told) return void stream.abort()
    const router = new Router(
      plan,
      open,
      report,
      (subscriber, error) => {
        subscriber.end(error)
        this.remove(subscriber)
      },
      before?.last,
    )
    this.#current = stream
    // While it was opened, others may have come and gone.
    this.#outdated = !router.serves(this.#subscribers, true)
    void stream.deliver(router).then(() => {
      // Perhaps while the next one is being opened, which may fail.
      this.#show()
      this.#wake()
    })
    return undefined
  }

  /** Lets the open stream be delivered, until it ends or other topics are wanted. */
  async #stream(stream: EventStream): Promise<ConnectionError | undefined> {
    if (stream.live) {
      this.#enter({ state: 'open' })
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (stream.live) return undefined
    await this.#endStream()
    return this.#refused(stream)
  }

  /** Lets the time until the next attempt pass; without a failure, that until the page no longer rests. */
  async #wait(cause: ConnectionError | undefined): Promise<void> {
    const { backoff, clock } = this.#settings
    let phase: ConnectionStatus = { state: 'paused' }
    let cancel: (() => void) | undefined
    const over = new Promise<void>((resolve) => {
      this.#wake = resolve
      if (!cause) return
      const delay = backoff.next(isOffline() ? offlineDelay : cause.retryAfter)
      // Like an open stream, it keeps a process alive: its subscriptions are to outlive a restart of the server.
      cancel = clock.after(delay, resolve, true)
      phase = { state: 'waiting', cause, nextAttemptAt: clock.now() + delay }
    })
    // Between two polls nothing is lost, also where they are answered too soon to follow each other at once.
    if (cause?.bye !== 'poll') this.#enter(phase)
    await over
    cancel?.()
  }

  /** The network is back. Everybody's may be, so that a random time passes. */
  readonly online = (): void => {
    const { backoff, clock } = this.#settings
    backoff.reset()
    this.#cancelAttempt?.()
    this.#cancelAttempt = clock.after(backoff.next(), () => this.#mayHurry && this.reconnect())
  }

  /** The page is to have no stream for a while, or may have one (again). */
  readonly rest = (rests: boolean): void => {
    this.#rests = rests
    if (rests) {
      this.#opening?.abort()
      this.#current?.finish()
    } else if (this.#mayHurry) this.#wake()
  }

  // A server that asked to be left alone is.
  get #mayHurry(): boolean {
    return !this.#phase.cause?.retryAfter
  }

  /** Ends those whom a failure leaves nothing to hope for. Answers what is to be waited for, if they are to go on. */
  #refused({ failure, openedAt, plan }: EventStream): ConnectionError | undefined {
    if (!failure) return undefined
    const { report, headers, polling } = this.#settings
    const next = polling?.ended(failure, openedAt)
    const { status, topics, bye, final } = failure
    // Rights that are over are no failure: they may have been renewed by now, or are with fresh headers.
    const renewable =
      status === 401 ? typeof headers === 'function' : !final && /^(expired|revoked)/.test(`${bye}`)
    const renew = renewable && !this.#renewed.has(status)
    if (renew) this.#renewed.add(status)
    if (renew || !final) {
      this.#outdated = true
      return next || renew ? undefined : failure
    }
    const asked = [...plan.members]
    const named = asked.filter(({ address }) => topics.includes(address))
    const served = this.#live?.plan.members
    // Without those that were named, the others may be asked for again; without any, what is open stays as it is.
    if (named[0]) this.#outdated = true
    const hopeless = named[0] ? named : asked.filter((subscriber) => !served?.has(subscriber))
    // What the caller has closed in the meantime is no concern of it any more.
    const ended = hopeless.filter((subscriber) => this.#subscribers.delete(subscriber))
    if (ended[0] && this.#subscribers.size === 0) this.#outcome = { state: 'closed', cause: failure }
    // No content is an end, not an error.
    const error = status === 204 || bye === 'end' ? undefined : failure
    const untold = ended.filter((subscriber) => !subscriber.end(error))
    if (error && untold[0]) report(error)
    return undefined
  }

  /** Ends the open stream once what it is handling is done, and writes down how far it came. */
  async #endStream(): Promise<void> {
    const stream = this.#current
    if (!stream) return
    await stream.finish()
    stream.router?.settle()
    const { backoff, clock } = this.#settings
    if (clock.now() - (stream.openedAt as number) >= healthyAfter) {
      backoff.reset()
      this.#renewed.clear()
    }
    this.#current = undefined
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
    if (this.#subscribers.size === 0) {
      this.#stop()
    } else if (!this.#running) {
      this.#outcome = { state: 'idle' }
      this.#running = this.#run()
    } else {
      // Who is asked for already by the stream that is being opened must not begin at two places.
      this.#outdated = !this.#live?.router?.serves(this.#subscribers, !this.#opening)
      if (!this.#outdated || this.#opening?.plan.isReplaceable) this.#opening?.abort()
      // No failure is forgotten because others are wanted now.
      if (!this.#outdated || !this.#phase.cause) this.#wake()
    }
  }

  #stop(): void {
    this.#opening?.abort()
    this.#current?.abort()
    this.#wake()
  }

  #enter(phase: ConnectionStatus): void {
    // With nobody left it is over, whatever else is still coming in.
    this.#phase = this.#subscribers.size > 0 ? phase : this.#outcome
    this.#show()
  }

  // As long as a stream is open, attempts at the next one are nobody's concern.
  #show(): void {
    const status: ConnectionStatus = this.#live ? { state: 'open' } : this.#phase
    // Without one, nobody knows of having all that there is.
    if (status.state !== 'open') for (const { turn } of this.#subscribers) turn?.(false)
    this.#status.show(status)
  }
}
