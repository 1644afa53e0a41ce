import type { AuthorizeRequest } from '../authorize/authorize-request.ts'

/** Where a token may stand beside the `Authorization` header, which comes first. */
export interface JwtTokenSource {
  /** Name of a cookie. Only with cookies that are `Secure`, `HttpOnly` and `SameSite`. */
  readonly cookie?: string
  /**
   * Name of a query parameter. Addresses are written into the logs of whatever is on the way, and so would the token be: only where there is no
   * other way, and with tokens that live for minutes.
   */
  readonly query?: string
}

/** Finds the token of a request; `undefined` where there is none. */
export function findToken(request: AuthorizeRequest, { cookie, query }: JwtTokenSource): string | undefined {
  // [RFC 9110 §11.1] The name of a scheme has no case. Another scheme may be for what stands in front.
  const [, bearer] = /^bearer +(.*)$/i.exec(request.header('authorization') ?? '') ?? []
  const found =
    bearer ??
    (cookie === undefined ? undefined : request.cookie(cookie)) ??
    (query === undefined ? undefined : request.query.get(query))
  return found ? found.trim() : undefined
}
