import { type Problem, type ProblemCode, problemType } from '@millrace/protocol'
import type { Answer } from './call.ts'
import type { RefusalError } from './refusal-error.ts'

const problems: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  'bad-request': [400, 'The request cannot be understood'],
  unauthorized: [401, 'Credentials are needed'],
  forbidden: [403, 'Not allowed to read'],
  'unknown-topic': [404, 'There is no such topic'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'The method is not allowed'],
  'not-acceptable': [406, 'Only an event stream can be had'],
  'too-large': [413, 'The request is too large'],
  'too-many': [429, 'Too many streams'],
  unavailable: [503, 'No stream can be opened now'],
}

/** The methods that a stream answers to. */
export const methods = 'GET, HEAD, POST, OPTIONS'

/** Refusals that pass: the same request may be made again later. */
export const passing: ReadonlySet<ProblemCode> = new Set(['too-many', 'unavailable'])

/** A refusal as problem details. [RFC 9457] @param retryAfter seconds until it may be tried again */
export function problemAnswer({ problem: code, message, about }: RefusalError, retryAfter: number): Answer {
  const { topic, topics, challenge } = about
  const [status, title] = problems[code]
  const problem: Problem = {
    type: `urn:millrace:problem:${code}`,
    title,
    status,
    detail: message,
    code,
    ...(topic === undefined ? {} : { topic }),
    ...(topics === undefined ? {} : { topics }),
  }
  return {
    status,
    headers: {
      'content-type': problemType,
      'cache-control': 'no-store',
      ...(passing.has(code) ? { 'retry-after': String(retryAfter) } : {}),
      ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
      ...(code === 'method-not-allowed' ? { allow: methods } : {}),
    },
    body: JSON.stringify(problem),
  }
}
