import type { Log } from '@millrace/log'
import type { Clock } from '../clock.ts'
import { within } from '../deadline.ts'

/** How long the log is not asked again, in milliseconds, however often somebody looks. */
const lookInterval = 1_000

/** Why no new streams should be sent here: it has not begun to follow the log, cannot reach it, or is being closed. */
export type UnreadyReason = 'starting' | 'log' | 'draining'

interface ReadinessOptions {
  /** Every one of them has to answer. */
  readonly logs: readonly Pick<Log, 'bounds'>[]
  readonly clock: Clock
  /** Begins to follow the log, or has. */
  readonly start: () => Promise<void>
  readonly isDraining: () => boolean
  /** Told when the answer is another one than before. */
  readonly onChange: (reason: UnreadyReason | undefined) => void
}

/** Says whether new streams should be sent here. */
export class Readiness {
  readonly #options: ReadinessOptions
  #look: { readonly at: number; readonly reason: Promise<UnreadyReason | undefined> } | undefined
  #told: UnreadyReason | undefined | 'nothing' = 'nothing'

  constructor(options: ReadinessOptions) {
    this.#options = options
  }

  /** Why it is not ready; `undefined` when it is. Never rejects. @param timeout how long the log is waited for, in milliseconds */
  async reason(timeout: number): Promise<UnreadyReason | undefined> {
    const { isDraining, onChange } = this.#options
    // The drain may have begun while the log was waited for.
    const reason = isDraining()
      ? 'draining'
      : ((await this.#ask(timeout)) ?? (isDraining() ? 'draining' : undefined))
    if (reason !== this.#told) {
      this.#told = reason
      onChange(reason)
    }
    return reason
  }

  #ask(timeout: number): Promise<UnreadyReason | undefined> {
    const now = this.#options.clock.now()
    if (this.#look === undefined || now - this.#look.at >= lookInterval) {
      this.#look = { at: now, reason: this.#tryLog(timeout) }
    }
    return this.#look.reason
  }

  async #tryLog(timeout: number): Promise<UnreadyReason | undefined> {
    const { logs, clock, start } = this.#options
    let reason: UnreadyReason = 'starting'
    const trying = start()
      .finally(() => {
        reason = 'log'
      })
      .then(() => Promise.all(logs.map((log) => log.bounds())))
    try {
      await within(trying, timeout, clock, 'The log does not answer')
      return undefined
    } catch {
      return reason
    }
  }
}
