import { type ByeReason, formatCursor, nowhere, parseCursor, RequestError } from '@millrace/protocol'
import { byeText } from '../session/control-frame.ts'
import { spreadRetry } from '../spread-retry.ts'
import type { WatchedSettings } from '../telemetry/monitor.ts'
import type { RefusalCause } from '../telemetry/server-stats.ts'
import type { Answer, Call } from './call.ts'
import { passing, problemAnswer } from './problem-answer.ts'
import { RefusalError } from './refusal-error.ts'
import { streamHead } from './stream-head.ts'

/** How long a stream that could not be opened is asked to stay away, in seconds, and by how much that is spread. */
const retryAfter = { least: 1, spread: 4 }

// What a browser is told that a refusal is, where it is no overload.
const byeReasons: Partial<Record<RefusalCause, ByeReason>> = {
  drain: 'drain',
  log: 'failure',
  authorize: 'failure',
}

/** Answers the requests that get no stream, whatever the reason. */
export class Refuser {
  readonly #settings: WatchedSettings

  constructor(settings: WatchedSettings) {
    this.#settings = settings
  }

  /** Tells a client why it gets no stream. @param error what was thrown: where it is no refusal, it is nobody's fault but this side's */
  refuse(call: Call, error: unknown): Answer {
    const refusal = this.#refusalOf(error)
    const cause = causeOf(refusal)
    this.#settings.monitor.count('refused', cause)
    if (passing.has(refusal.problem) && isEventSource(call))
      return { ...this.#sendAway(call, byeReasons[cause] ?? 'overload'), outcome: { refused: cause } }
    const { least, spread } = retryAfter
    const answer = problemAnswer(refusal, least + Math.round(this.#settings.random() * spread))
    const outcome = { refused: cause }
    return { ...answer, outcome, ...(call.method === 'HEAD' ? { body: undefined } : {}) }
  }

  #refusalOf(error: unknown): RefusalError {
    if (RefusalError.isInstance(error)) return error
    if (RequestError.isInstance(error)) return new RefusalError('bad-request', error.message)
    this.#settings.onError(error)
    return new RefusalError('unavailable', 'The log cannot be read at the moment', { cause: 'log' })
  }

  // A browser's own EventSource never comes back after any status but 200.
  #sendAway(call: Call, reason: ByeReason): Answer {
    // [spec] The last event ID buffer of each stream is empty at first, so a block without an id would wipe its cursor.
    const header = call.header('last-event-id') ?? ''
    const id = header === '' ? {} : { id: formatCursor(parseCursor(header) ?? nowhere) }
    const fields = { retry: spreadRetry(this.#settings), ...id }
    return { status: 200, headers: streamHead, body: byeText({ reason, retryable: true }, fields) }
  }
}

function isEventSource(call: Call): boolean {
  return call.method === 'GET' && !call.query.has('v') && call.header('accept') === 'text/event-stream'
}

function causeOf({ problem, about }: RefusalError): RefusalCause {
  if (about.cause !== undefined) return about.cause
  if (problem === 'unauthorized' || problem === 'forbidden') return problem
  // The adapters read the body, and refuse one that is too large.
  return problem === 'too-large' ? 'requestBytes' : 'request'
}
