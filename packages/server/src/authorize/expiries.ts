import type { Clock } from '../clock.ts'

/** Who expires within so many milliseconds does so at once, at the end of them. */
const grain = 100

/** No timer runs longer than this: a timeout has a longest time, and clocks are put forward. In milliseconds. */
const longestWait = 60_000

/** Tells when the time of each member has come, with one timer for all of them. */
export class Expiries<Member> {
  readonly #clock: Clock
  readonly #expire: (members: readonly Member[]) => void
  readonly #membersAt = new Map<number, Set<Member>>()
  #next = Number.POSITIVE_INFINITY
  #cancel: (() => void) | undefined

  constructor(clock: Clock, expire: (members: readonly Member[]) => void) {
    this.#clock = clock
    this.#expire = expire
  }

  /** @param time in milliseconds since 1970; infinite for never */
  add(member: Member, time: number): void {
    if (time === Number.POSITIVE_INFINITY) return
    const key = keyOf(time)
    const members = this.#membersAt.get(key)
    if (members === undefined) this.#membersAt.set(key, new Set([member]))
    else members.add(member)
    if (key < this.#next) this.#wait(key)
  }

  /** @param time the same that it was added with */
  remove(member: Member, time: number): void {
    if (time === Number.POSITIVE_INFINITY) return
    const key = keyOf(time)
    const members = this.#membersAt.get(key)
    members?.delete(member)
    if (members?.size === 0) this.#membersAt.delete(key)
    if (this.#membersAt.size === 0) this.#stop()
  }

  #look(): void {
    const now = this.#clock.now()
    const due: Member[] = []
    let next = Number.POSITIVE_INFINITY
    for (const [time, members] of this.#membersAt) {
      if (time <= now) {
        due.push(...members)
        this.#membersAt.delete(time)
      } else if (time < next) next = time
    }
    this.#stop()
    if (next < Number.POSITIVE_INFINITY) this.#wait(next)
    if (due.length > 0) this.#expire(due)
  }

  #wait(time: number): void {
    this.#stop()
    this.#next = time
    const wait = Math.min(Math.max(time - this.#clock.now(), 0), longestWait)
    this.#cancel = this.#clock.after(wait, () => this.#look())
  }

  #stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#next = Number.POSITIVE_INFINITY
  }
}

const keyOf = (time: number): number => Math.ceil(time / grain) * grain
