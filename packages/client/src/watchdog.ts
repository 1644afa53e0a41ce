import type { Clock } from './clock.ts'

/** Of the announced heartbeat: one may be late or lost without the link being dead. */
const patience = 2.5

/** Notices that a stream has gone silent. A link that is half open gives no error at all; only the missing bytes tell. */
export class Watchdog {
  readonly #clock: Clock
  readonly #silence: number
  readonly #onSilent: () => void

  /** @param heartbeat the longest time between two bytes that the server announced, in milliseconds */
  constructor(clock: Clock, heartbeat: number, onSilent: () => void) {
    this.#clock = clock
    this.#silence = heartbeat * patience
    this.#onSilent = onSilent
  }

  /** Begins to wait for bytes, and returns what ends it. In between, silence is the reader's own doing. */
  watch(): () => void {
    return this.#clock.after(this.#silence, this.#onSilent)
  }
}
