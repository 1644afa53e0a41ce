import type { ConnectionError } from '../connection-error.ts'
import type { LinkSettings, Polling } from '../options.ts'

/** Settings of long polling. */
export interface LongPollingOptions {
  /** After how many streams in a row that did not get through it polls. @default 2 */
  readonly after?: number
  /**
   * When a stream is tried again, in milliseconds: after that time, and after twice the time before when that fails, up to sixteen times
   * that. @default 60_000
   */
  readonly retryStreamAfter?: number
}

// A stream that is cut sooner again and again is of no use, in milliseconds.
const young = 15_000
// One that falls silent later was alive: then it is the link that is dead.
const youngSilent = 60_000
// A poll that is answered sooner is a quick one, in milliseconds; and how many of them may follow each other without a pause.
const quick = 100
const mostQuick = 20

/**
 * Polls where streams do not get through: `createEventClient({ url, polling: longPolling() })`. Some proxies hold an answer back until it is
 * complete, or cut it early. A stream does not get through when it brings no first frame within `connectTimeout`, falls silent within a
 * minute, or is cut within 15 seconds. Every now and then a stream is tried again. Nothing is lost in between: both read the same log from the same place.
 */
export function longPolling({
  after = 2,
  retryStreamAfter = 60_000,
}: LongPollingOptions = {}): (settings: LinkSettings) => Polling {
  return ({ backoff, clock }) => {
    /** Streams that did not get through, one after the other. */
    let held = 0
    /** When a stream is tried again, while there are polls. */
    let streamAt = 0
    let polls = false
    let askedAt = 0
    let quickOnes = 0

    function pollEnded({ bye }: ConnectionError): boolean {
      if (bye !== 'poll') return false
      // A server that answers at once with nothing is not to be asked without end.
      quickOnes = clock.now() - askedAt < quick ? quickOnes + 1 : 0
      if (quickOnes < mostQuick) return true
      quickOnes = 0
      return false
    }

    function streamEnded({ reason }: ConnectionError, openedAt: number | undefined): boolean {
      if (openedAt === undefined) {
        // No answer at all is the network's fault, and not that of what stands between.
        if (reason !== 'timeout') return false
      } else if (clock.now() - openedAt >= (reason === 'silent' ? youngSilent : young)) {
        held = 0
        return false
      } else if (!/^(silent|ended|network)$/.test(reason)) return false
      held++
      if (held < after) return false
      streamAt = clock.now() + retryStreamAfter * 2 ** Math.min(held - after, 4)
      return true
    }

    return {
      next() {
        askedAt = clock.now()
        polls = held >= after && askedAt < streamAt
        return polls
      },
      ended(failure, openedAt) {
        const atOnce = polls ? pollEnded(failure) : streamEnded(failure, openedAt)
        // It did what it was asked for, or another way is taken now.
        if (atOnce) backoff.reset()
        return atOnce
      },
    }
  }
}
