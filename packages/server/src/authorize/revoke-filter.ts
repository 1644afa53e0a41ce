import { type AnyContract, resolveAddress, type Topic, type TopicPattern } from '@millrace/contract'
import { letGo } from '../let-go.ts'

/** An open stream, as `revoke` sees it. */
export interface SessionDescription {
  readonly principal: string | undefined
  /** What `authorize` gave. */
  readonly claims: unknown
  /** The client's address, as limits count it. */
  readonly address: string | undefined
  /** The addresses that it reads, some of which may be patterns. */
  readonly topics: readonly string[]
}

/** Which streams `revoke` ends: those of a principal, those that read a topic, both, or those for which a function says so. */
export type RevokeFilter =
  | { readonly principal: string; readonly topic?: Topic | TopicPattern | string }
  | { readonly principal?: undefined; readonly topic: Topic | TopicPattern | string }
  | ((session: SessionDescription) => boolean)

/**
 * @throws TypeError for what is no filter, and for a topic that the contract does not have: to end nothing, or everything, by mistake is
 * easily done. AddressError for a param that does not fit
 */
export function createRevokeFilter(
  contract: AnyContract,
  filter: RevokeFilter,
): (session: SessionDescription) => boolean {
  if (typeof filter === 'function') return (session) => readAnswer(filter(session))
  const { principal, topic } = filter ?? {}
  if (principal === undefined && topic === undefined)
    throw new TypeError('revoke needs a principal, a topic or a function')
  const address = topic === undefined ? undefined : readTopic(contract, topic)
  const segments = address?.split('/')
  return (session) =>
    (principal === undefined || session.principal === principal) &&
    (segments === undefined || session.topics.some((own) => overlap(own.split('/'), segments)))
}

// A promise would count as yes for everybody.
function readAnswer(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer
  letGo(answer)
  throw new TypeError('revoke: the function must answer true or false')
}

function readTopic(contract: AnyContract, topic: Topic | TopicPattern | string): string {
  const text = typeof topic === 'string' ? topic : topic.address
  const found = resolveAddress(contract, text)
  if (found === undefined)
    throw new TypeError(`revoke: the contract has no channel for ${JSON.stringify(text)}`)
  return found.address
}

// Whether one topic at least is of both.
function overlap(left: readonly string[], right: readonly string[]): boolean {
  return (
    left.length === right.length &&
    left.every((segment, index) => segment === '*' || right[index] === '*' || segment === right[index])
  )
}
