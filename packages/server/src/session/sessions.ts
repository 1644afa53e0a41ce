import { Expiries } from '../authorize/expiries.ts'
import type { Clock } from '../clock.ts'
import type { StreamSession } from './stream-session.ts'
import { Tally } from './tally.ts'

// Heartbeats are spread over this many turns, so that they are not all written at once.
const turns = 8

/** How long what the sockets hold together is not looked at again, in milliseconds. */
const lookInterval = 250

interface SessionsOptions {
  readonly clock: Clock
  /** Milliseconds. */
  readonly heartbeat: number
  /** Milliseconds. */
  readonly stallTimeout: number
  /** What all sockets may hold together. Beyond it the newest of those that hold something are cut. */
  readonly bufferedBytes: number
  readonly onError: (error: unknown) => void
  /** Told of those whose rights have ended. */
  readonly onExpired: (sessions: readonly StreamSession[]) => void
}

/** The open sessions, and the one timer for their heartbeats, stalled sockets and polls. It runs only while there are some. */
export class Sessions implements Iterable<StreamSession> {
  readonly #clock: Clock
  readonly #heartbeat: number
  readonly #period: number
  readonly #bufferedBytes: number
  readonly #onError: (error: unknown) => void
  readonly #sessions = new Set<StreamSession>()
  readonly #expiries: Expiries<StreamSession>
  readonly #principals = new Tally()
  readonly #addresses = new Tally()
  readonly #whenEmpty: (() => void)[] = []
  // Those whose sockets held bytes when they were last written to or looked at: few, as a rule, so only these are looked at.
  readonly #holding = new Set<StreamSession>()
  #subscriptions = 0
  #buffered = 0
  #lookedAt = Number.NEGATIVE_INFINITY
  #next = 0
  #stop: (() => void) | undefined

  constructor({ clock, heartbeat, stallTimeout, bufferedBytes, onError, onExpired }: SessionsOptions) {
    this.#clock = clock
    this.#heartbeat = heartbeat
    this.#period = Math.max(1, Math.floor(Math.min(heartbeat, stallTimeout) / turns))
    this.#bufferedBytes = bufferedBytes
    this.#onError = onError
    this.#expiries = new Expiries(clock, onExpired)
  }

  [Symbol.iterator](): Iterator<StreamSession> {
    return [...this.#sessions][Symbol.iterator]()
  }

  get size(): number {
    return this.#sessions.size
  }

  /** Topics and patterns that the open ones were opened for. */
  get subscriptions(): number {
    return this.#subscriptions
  }

  /** How many a principal has open. */
  ofPrincipal(principal: string | undefined): number {
    return this.#principals.of(principal)
  }

  /** How many are open from an address. */
  ofAddress(address: string | undefined): number {
    return this.#addresses.of(address)
  }

  /** Bytes that wait in all sockets together, as of a moment ago. */
  buffered(now: number): number {
    if (now - this.#lookedAt >= lookInterval) this.#lookAtSockets(now)
    return this.#buffered
  }

  add(session: StreamSession): void {
    session.turn = this.#next++
    this.#sessions.add(session)
    const { caller, interests } = session
    this.#subscriptions += interests.length
    this.#principals.add(caller.principal)
    this.#addresses.add(caller.address)
    this.#expiries.add(session, caller.expires)
    this.#stop ??= this.#clock.every(this.#period, this.#beat())
  }

  /** Notes that bytes wait in a session's socket. */
  hold(session: StreamSession): void {
    this.#holding.add(session)
  }

  remove(session: StreamSession): void {
    this.#holding.delete(session)
    if (!this.#sessions.delete(session)) return
    const { caller, interests } = session
    this.#subscriptions -= interests.length
    this.#principals.remove(caller.principal)
    this.#addresses.remove(caller.address)
    this.#expiries.remove(session, caller.expires)
    if (this.#sessions.size > 0) return
    this.#stop?.()
    this.#stop = undefined
    for (const told of this.#whenEmpty.splice(0)) told()
  }

  /** Resolves when none is left. */
  empty(): Promise<void> {
    if (this.#sessions.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#whenEmpty.push(resolve))
  }

  #beat(): () => void {
    const beatsPerHeartbeat = Math.max(1, Math.floor(this.#heartbeat / this.#period))
    let turn = 0
    return () => {
      const now = this.#clock.now()
      for (const session of this.#holding) this.#guard(() => session.watch(now))
      // Not with an iterator nor a function each: at ten thousand, garbage of a few kilobytes for each session in every heartbeat.
      this.#sessions.forEach((session) => {
        try {
          session.pulse(now, session.turn % beatsPerHeartbeat === turn)
        } catch (error) {
          this.#onError(error)
        }
      })
      turn = (turn + 1) % beatsPerHeartbeat
      this.#lookAtSockets(now)
      if (this.#buffered > this.#bufferedBytes) this.#relieve()
    }
  }

  #lookAtSockets(now: number): void {
    this.#lookedAt = now
    this.#buffered = 0
    for (const session of this.#holding) {
      const { buffered } = session
      this.#buffered += buffered
      if (buffered === 0) this.#holding.delete(session)
    }
  }

  // The oldest keep their place. Who is cut comes back with its cursor and finds the gate closed for a while.
  #relieve(): void {
    const byAge = [...this.#holding].sort((one, other) => other.turn - one.turn)
    for (const session of byAge) {
      if (this.#buffered <= this.#bufferedBytes) return
      const { buffered } = session
      this.#buffered -= buffered
      this.#guard(() => session.destroy('bufferedBytes'))
    }
  }

  // A response that throws must not end the process, in whose own job this is, nor cost the others their heartbeats.
  #guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#onError(error)
    }
  }
}
