import { answerRequest } from '../request/answer-request.ts'
import type { EventServer } from '../server.ts'

/** Settings of a readiness handler. */
export interface ReadyOptions {
  /** How long the log may take to answer, in milliseconds. Below what the prober waits. @default 800 */
  readonly timeout?: number
}

/**
 * Makes the handler of a liveness probe: 200 as long as the process answers at all, also while it drains and while the log is away. To
 * start it anew would help neither, and would add a storm of reconnects.
 */
export function liveHandler(): (request: Request) => Promise<Response> {
  return (request) => answerRequest(request, () => json(200, { live: true }))
}

/**
 * Makes the handler of a readiness probe: 200 when new streams may be sent here, else 503 with the reason: `starting` until the log is being
 * followed, `log` while the log cannot be read, `draining` from the beginning of `close` on. The log is asked once a second at
 * most.
 *
 * @throws RangeError for a timeout that is none
 */
export function readyHandler(
  events: EventServer,
  { timeout = 800 }: ReadyOptions = {},
): (request: Request) => Promise<Response> {
  if (!Number.isSafeInteger(timeout) || timeout < 1) {
    throw new RangeError(`timeout must be a whole number from 1, not ${String(timeout)}`)
  }
  const { readiness } = events['~streams']
  return (request) =>
    answerRequest(request, async () => {
      const reason = await readiness.reason(timeout)
      return reason === undefined ? json(200, { ready: true }) : json(503, { ready: false, reason })
    })
}

function json(status: number, value: Readonly<Record<string, unknown>>) {
  return { status, type: 'application/json', text: JSON.stringify(value) }
}
