import type { Clock } from './clock.ts'
import type { Session } from './session.ts'

// Heartbeats are spread over this many turns, so that they are not all written at once.
const turns = 8

/** The open sessions, and the one timer for their heartbeats, stalled sockets and polls. It runs only while there are some. */
export class Sessions implements Iterable<Session> {
  readonly #clock: Clock
  readonly #heartbeat: number
  readonly #period: number
  readonly #turnOf = new Map<Session, number>()
  readonly #whenEmpty: (() => void)[] = []
  #next = 0
  #stop: (() => void) | undefined

  /** @param heartbeat milliseconds @param stallTimeout milliseconds */
  constructor(clock: Clock, heartbeat: number, stallTimeout: number) {
    this.#clock = clock
    this.#heartbeat = heartbeat
    this.#period = Math.max(1, Math.floor(Math.min(heartbeat, stallTimeout) / turns))
  }

  [Symbol.iterator](): Iterator<Session> {
    return [...this.#turnOf.keys()][Symbol.iterator]()
  }

  get size(): number {
    return this.#turnOf.size
  }

  add(session: Session): void {
    this.#turnOf.set(session, this.#next++)
    this.#stop ??= this.#clock.every(this.#period, this.#beat())
  }

  remove(session: Session): void {
    this.#turnOf.delete(session)
    if (this.#turnOf.size > 0) return
    this.#stop?.()
    this.#stop = undefined
    for (const told of this.#whenEmpty.splice(0)) told()
  }

  /** Resolves when none is left. */
  empty(): Promise<void> {
    if (this.#turnOf.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#whenEmpty.push(resolve))
  }

  #beat(): () => void {
    const beatsPerHeartbeat = Math.max(1, Math.floor(this.#heartbeat / this.#period))
    let turn = 0
    return () => {
      const now = this.#clock.now()
      for (const [session, own] of [...this.#turnOf]) {
        session.pulse(now, own % beatsPerHeartbeat === turn)
      }
      turn = (turn + 1) % beatsPerHeartbeat
    }
  }
}
