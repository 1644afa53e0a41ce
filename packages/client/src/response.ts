import { type Problem, problemType } from '@millrace/protocol'
import { ConnectionError } from './connection-error.ts'
import { parseJson } from './json.ts'
import { readRetryAfter } from './retry-after.ts'

/** Why an answer is no stream; `undefined` when it is one. The body of one that is none is let go. */
export async function judgeResponse(response: Response, now: number): Promise<ConnectionError | undefined> {
  const { status, headers } = response
  // Parameters do not matter: a stream is UTF-8 whatever is declared.
  const declared = headers.get('content-type') ?? 'no content type'
  const type = declared.replace(/[;\s].*/s, '').toLowerCase()
  // A page instead of a stream comes from what stands between: a captive portal, a proxy in maintenance. They go
  // away, so it is tried again; a wrong address shows itself in the status all the while.
  const open = status === 200
  if (open && type === 'text/event-stream') return undefined
  // Known by its media type; a member that is missing is `undefined`, as it is of an older server.
  const problem = type === problemType ? (parseJson(await response.text()) as Problem | undefined) : undefined
  cancelBody(response)
  const detail = problem?.detail ?? declared
  return new ConnectionError(open ? 'content-type' : 'status', `The server answered ${status}: ${detail}`, {
    status,
    // Only what is a clear no. Timeouts (408), too early (425) and too many (429) pass, as do the server's own faults (5xx), and an
    // odd 2xx or a redirect that was not followed comes from something in between.
    // [spec] HTTP 204 No Content: the client is to stop reconnecting.
    final: /^(204|4(?!08|25|29))/.test(`${status}`),
    problem,
    topics: [problem?.topics ?? problem?.topic ?? []].flat(),
    retryAfter: readRetryAfter(headers.get('retry-after'), now),
  })
}

/** Lets an unread body go, so that its connection is free. */
export function cancelBody(response: Response): void {
  // One that was read or has failed cannot be cancelled, nor need it be.
  response.body?.cancel().catch(() => {})
}
