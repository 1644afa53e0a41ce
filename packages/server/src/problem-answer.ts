import { type Problem, type ProblemCode, problemType } from '@millrace/protocol'
import type { Answer } from './call.ts'
import type { RefusalError } from './refusal-error.ts'

const problems: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  'bad-request': [400, 'The request cannot be understood'],
  'unknown-topic': [404, 'There is no such topic'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'The method is not allowed'],
  'not-acceptable': [406, 'Only an event stream can be had'],
  'too-large': [413, 'The request is too large'],
  unavailable: [503, 'No stream can be opened now'],
}

/** The methods that a stream answers to. */
export const methods = 'GET, HEAD, POST, OPTIONS'

/** A refusal as problem details. [RFC 9457] @param retryAfter seconds until it may be tried again */
export function problemAnswer({ problem: code, message, topic }: RefusalError, retryAfter: number): Answer {
  const [status, title] = problems[code]
  const problem: Problem = {
    type: `urn:millrace:problem:${code}`,
    title,
    status,
    detail: message,
    code,
    ...(topic === undefined ? {} : { topic }),
  }
  return {
    status,
    headers: {
      'content-type': problemType,
      'cache-control': 'no-store',
      ...(code === 'unavailable' ? { 'retry-after': String(retryAfter) } : {}),
      ...(code === 'method-not-allowed' ? { allow: methods } : {}),
    },
    body: JSON.stringify(problem),
  }
}
