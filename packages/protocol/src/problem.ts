/** Media type of a refusal. [RFC 9457 section 3] */
export const problemType = 'application/problem+json'

/** What was refused, before the stream began. */
export type ProblemCode =
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'unknown-topic'
  | 'not-found'
  | 'method-not-allowed'
  | 'not-acceptable'
  | 'too-large'
  | 'too-many'
  | 'unavailable'

/** The body of a refusal: problem details with a code to branch on. [RFC 9457 section 3.1] */
export interface Problem {
  /** `urn:millrace:problem:` and the code. */
  readonly type: string
  readonly title: string
  readonly status: number
  /** What was wrong with this request, for a person. */
  readonly detail: string
  readonly code: ProblemCode
  /** The address that the refusal is about, as it was asked for; the others may be asked for again. */
  readonly topic?: string
  /** All addresses that it is about, where there are several. */
  readonly topics?: readonly string[]
}
