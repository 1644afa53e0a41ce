import type { AnyContract } from '@millrace/contract'
import type { AskedTopic } from '../request/asked-topic.ts'
import type { AuthorizeRequest } from './authorize-request.ts'

/** What `authorize` decides about. */
export interface AuthorizeQuestion<Contract = AnyContract> {
  readonly request: AuthorizeRequest
  /** Every topic and pattern of the request. */
  readonly topics: readonly AskedTopic<Contract>[]
}

/**
 * Says who asks, and what they may read. Asked for each request, and so at each resume: the rights of now count. Whoever it throws at or
 * keeps waiting gets no stream (503).
 */
export type Authorize<Contract = AnyContract> = (
  question: AuthorizeQuestion<Contract>,
) => AuthorizeAnswer<Contract> | Promise<AuthorizeAnswer<Contract>>

export type AuthorizeAnswer<Contract = AnyContract> = Authorization<Contract> | AuthorizeRefusal

/** Who asks, and what they may read. */
export interface Authorization<Contract = AnyContract> {
  /** Who it is, for `limits.connectionsPerPrincipal` and `revoke({ principal })`. */
  readonly principal?: string | undefined
  /** Whatever else is known of them. `revoke` hands it back. */
  readonly claims?: unknown
  /** When the stream is ended, as a date or in milliseconds since 1970. @default never */
  readonly expires?: Date | number | undefined
  /**
   * Which topics may be read: all, none, or those for which it answers `true`. A pattern is asked about as it stands, and is
   * allowed only where all that it stands for is.
   */
  readonly allow: boolean | ((topic: AskedTopic<Contract>) => boolean | Promise<boolean>)
  /** The `WWW-Authenticate` of a 403, where credentials with more rights would help. @param denied what is not allowed */
  readonly challenge?: ((denied: readonly AskedTopic<Contract>[]) => string | undefined) | undefined
}

/** No stream at all, whatever was asked for. */
export interface AuthorizeRefusal {
  /** `unauthorized` (401) asks for credentials, others or fresh ones; `forbidden` (403) says that none would help. */
  readonly refuse: 'unauthorized' | 'forbidden'
  /** The `WWW-Authenticate` header. @default 'Bearer' for `unauthorized`, none for `forbidden` */
  readonly challenge?: string | undefined
  /** What is wrong, for a person; it travels to the client. */
  readonly detail?: string | undefined
}
