import type { AnyContract } from '@millrace/contract'
import { letGo } from '../let-go.ts'
import { type AskedTopic, describeTopic } from '../request/asked-topic.ts'
import { RefusalError } from '../request/refusal-error.ts'
import type { RequestedTopic } from '../request/requested-topic.ts'
import type { Authorization, Authorize, AuthorizeAnswer } from './authorization.ts'
import type { AuthorizeRequest } from './authorize-request.ts'
import type { Caller } from './caller.ts'

/** Who is let in, and to what. */
export interface Admission {
  readonly caller: Caller
  /** One at least. */
  readonly topics: readonly RequestedTopic[]
  /** The addresses that were asked for besides and may not be read. */
  readonly denied: readonly string[]
}

interface Candidate {
  readonly topic: RequestedTopic
  readonly asked: AskedTopic
}

/**
 * Asks `authorize` about a request. Only what it allows in so many words is allowed.
 *
 * @param whole whether to refuse everything where one topic is denied
 * @throws RefusalError where it refuses, or allows nothing
 * @throws TypeError for an answer that is none; what `authorize` itself throws goes through
 */
export async function admit(
  { authorize, contract }: { readonly authorize: Authorize; readonly contract: AnyContract },
  request: AuthorizeRequest,
  topics: readonly RequestedTopic[],
  { whole, now }: { readonly whole: boolean; readonly now: number },
): Promise<Admission> {
  const candidates = topics.map((topic) => ({ topic, asked: describeTopic(contract, topic) }))
  const answer = readAnswer(await authorize({ request, topics: candidates.map(({ asked }) => asked) }))
  const { principal, claims, allow } = answer
  const expires = readExpiry(answer.expires)
  if (expires <= now) throw unauthorized('The credentials have expired', undefined)
  const verdicts = await Promise.all(candidates.map(({ asked }) => isAllowed(allow, asked)))
  const allowed = candidates.filter((_, index) => verdicts[index])
  const denied = candidates.filter((_, index) => !verdicts[index])
  if (allowed.length === 0 || (whole && denied.length > 0)) throw forbidden(answer, denied)
  return {
    caller: { principal, claims, address: request.address, expires },
    topics: allowed.map(({ topic }) => topic),
    denied: addressesOf(denied),
  }
}

/** Every member that there may be, as far as its type is known. */
type Loose<Union> = {
  readonly [Key in KeysOf<Union>]?: Union extends { readonly [K in Key]?: infer Value } ? Value : never
}
type KeysOf<Union> = Union extends unknown ? keyof Union : never

// Callers without types may answer anything, and nothing may be taken for a yes.
function readAnswer(answer: AuthorizeAnswer): Authorization {
  const { refuse, detail, challenge, allow, principal } = (answer ?? {}) as Loose<AuthorizeAnswer>
  if (refuse === 'unauthorized') throw unauthorized(detail, challenge)
  if (refuse === 'forbidden') {
    const header = readChallenge(challenge)
    throw new RefusalError('forbidden', detail ?? 'Not allowed to read', { challenge: header })
  }
  if (refuse !== undefined || (typeof allow !== 'boolean' && typeof allow !== 'function')) {
    throw new TypeError('authorize must answer { allow } or { refuse }')
  }
  if (principal !== undefined && (typeof principal !== 'string' || principal === '')) {
    throw new TypeError('principal must be a text that is not empty')
  }
  return answer as Authorization
}

async function isAllowed(allow: Authorization['allow'], topic: AskedTopic): Promise<boolean> {
  return typeof allow === 'boolean' ? allow : (await allow(topic)) === true
}

function readExpiry(expires: Authorization['expires']): number {
  const time = expires === undefined ? Number.POSITIVE_INFINITY : Number(expires)
  if (Number.isNaN(time)) throw new TypeError('expires must be a date or milliseconds since 1970')
  return time
}

// [RFC 9110 §15.5.2] A 401 MUST have a challenge.
function unauthorized(detail = 'Credentials are needed', challenge: unknown): RefusalError {
  return new RefusalError('unauthorized', detail, { challenge: readChallenge(challenge) ?? 'Bearer' })
}

function forbidden({ challenge }: Authorization, denied: readonly Candidate[]): RefusalError {
  const topics = addressesOf(denied)
  const [topic, ...others] = topics
  const detail = `Not allowed to read "${topic}"${others.length > 0 ? ` and ${others.length} more` : ''}`
  const header = readChallenge(challenge?.(denied.map(({ asked }) => asked)))
  return new RefusalError('forbidden', detail, { topic, topics, challenge: header })
}

function readChallenge(challenge: unknown): string | undefined {
  if (challenge === undefined || (typeof challenge === 'string' && /^[\t\x20-\x7e]+$/.test(challenge)))
    return challenge
  letGo(challenge)
  throw new TypeError('challenge must be the text of a WWW-Authenticate header')
}

function addressesOf(candidates: readonly Candidate[]): string[] {
  return [...new Set(candidates.map(({ topic: { topic } }) => topic.requested))]
}
