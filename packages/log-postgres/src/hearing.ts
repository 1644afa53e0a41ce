import { randomTag } from '@millrace/log'

/** How long word may take, in milliseconds. */
const patience = 2_000

const check = 'check '

interface HearingOptions {
  /** Sends word to all who listen, over another connection than the one that listens. */
  readonly send: (payload: string) => Promise<unknown>
  /** Told when word no longer comes, or comes again. */
  readonly changed: (hears: boolean) => void
}

/**
 * Finds out whether word comes at all. A pooler that gives connections to transactions (PgBouncer) says yes to `LISTEN`, and what is then
 * notified reaches whoever has that connection by chance.
 */
export class Hearing {
  readonly #options: HearingOptions
  readonly #mark = `${check}${randomTag()}`
  #timer: NodeJS.Timeout | undefined
  #hears = true

  constructor(options: HearingOptions) {
    this.#options = options
  }

  /** Sends a word to itself. Called when a connection has begun to listen. */
  check(): void {
    const { send } = this.#options
    clearTimeout(this.#timer)
    const timer = setTimeout(() => this.#found(false), patience).unref()
    this.#timer = timer
    // Where nothing can be sent there is nothing to hear.
    send(this.#mark).catch(() => clearTimeout(timer))
  }

  /** Takes what was heard. Answers whether it was such a check, of whichever process. */
  isCheck(payload: string): boolean {
    if (payload === this.#mark) {
      clearTimeout(this.#timer)
      this.#found(true)
    }
    return payload.startsWith(check)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #found(hears: boolean): void {
    if (hears === this.#hears) return
    this.#hears = hears
    this.#options.changed(hears)
  }
}
