import type { AnyContract } from '@millrace/contract'
import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTVerifyOptions,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose'
import type { Authorize, AuthorizeRefusal } from '../authorize/authorization.ts'
import { type Clock, systemClock } from '../clock.ts'
import { readAlgorithms } from './jwt-algorithms.ts'
import { createKeyFinder, type FindKeys, type JwtKeys, type KeyHeader } from './jwt-key-finder.ts'
import { createRights, type JwtClaims, type JwtRights } from './jwt-rights.ts'
import { findToken, type JwtTokenSource } from './jwt-token.ts'

export type { JwtClaims, JwtRights, JwtTenant } from './jwt-rights.ts'
export type { JwtTokenSource } from './jwt-token.ts'

/** Whose tokens are taken. */
export interface JwtIssuer {
  /** Exactly as the `iss` claim has it. */
  readonly issuer: string
  /** Whom the token must be for: one of these in the `aud` claim. */
  readonly audience: string | readonly string[]
  readonly keys: JwtKeys
  /** What tokens may be signed with. @default every algorithm with a public key; never `none` */
  readonly algorithms?: readonly string[]
  /**
   * The `typ` that the token's header must name, so that a token made for something else is not taken for a right to read.
   * @default 'JWT' or 'at+jwt', or none
   */
  readonly types?: readonly string[]
}

/** Settings of `jwtAuthorizer`. */
export type JwtAuthorizerOptions<Contract = AnyContract> = JwtRights<Contract> &
  (JwtIssuer | { readonly issuers: readonly JwtIssuer[] }) & {
    /** Where a token may stand beside the `Authorization` header. @default nowhere */
    readonly token?: JwtTokenSource
    /** How far clocks may be apart, in milliseconds. Streams go on for so long after their token. @default 5_000 */
    readonly clockTolerance?: number
    /** What is written as the realm of a challenge. @default 'millrace' */
    readonly realm?: string
    /** Who it is, for limits and `revoke`. @default the `sub` claim; with several issuers, issuer and `sub` with a space between */
    readonly principal?: (claims: JwtClaims) => string | undefined
    /** What keys are fetched with. @default the runtime's */
    readonly fetch?: (request: Request) => Promise<Response>
    /** Told of keys that cannot be had, also where older ones do. Never of anything out of a token. @default console.error */
    readonly onError?: (error: unknown) => void
    /** @default the runtime's clock */
    readonly clock?: Clock
  }

/** Longer ones are not even looked at. In characters. */
const longestToken = 8 * 1024

const defaultTypes = ['JWT', 'at+jwt']

interface Verifier {
  readonly find: FindKeys
  readonly issuer: string
  readonly audience: string[]
  readonly algorithms: string[]
  readonly types: ReadonlySet<string>
}

/**
 * Makes an `authorize` that takes JSON Web Tokens: `createEventServer({ contract, log, authorize: jwtAuthorizer({ … }) })`. Streams end when their
 * token does.
 *
 * A token that does not hold is a 401, one that allows too little a 403, each with a challenge [RFC 6750 §3]; keys that cannot be had are a 503.
 *
 * @throws TypeError for settings that would let anybody in, or nobody
 */
export function jwtAuthorizer<Contract = AnyContract>(
  options: JwtAuthorizerOptions<Contract>,
): Authorize<Contract> {
  const { token: source = {}, clockTolerance = 5_000, realm = 'millrace', clock = systemClock } = options
  const { fetch = (request) => globalThis.fetch(request), onError = (error) => console.error(error) } =
    options
  if (!(Number.isFinite(clockTolerance) && clockTolerance >= 0)) {
    throw new RangeError('clockTolerance must be a number of milliseconds')
  }
  if (!/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(realm)) throw new TypeError('realm must be text without quotes')
  const issuers = 'issuers' in options ? options.issuers : [options]
  const verifiers = new Map(
    issuers.map((issuer) => [issuer.issuer, createVerifier(issuer, { fetch, clock, onError })]),
  )
  if (verifiers.size !== issuers.length || issuers.length === 0) {
    throw new TypeError('issuers must be different ones, and one at least')
  }
  // The contract's own types are for those who write the rules; they are asked about what belongs to it.
  const rights = createRights(options as unknown as JwtRights)
  const principalOf = options.principal ?? (issuers.length === 1 ? subjectOf : issuerAndSubjectOf)

  const refuse = (error: string, description: string): AuthorizeRefusal => ({
    refuse: 'unauthorized',
    detail: description,
    challenge: `Bearer realm="${realm}", error="${error}", error_description="${description}"`,
  })
  const authorize: Authorize = async ({ request }) => {
    const token = findToken(request, source)
    // [RFC 6750 §3.1] If the request lacks any authentication information, the response SHOULD NOT include an error code.
    if (token === undefined) {
      return { refuse: 'unauthorized', detail: 'A token is needed', challenge: `Bearer realm="${realm}"` }
    }
    if (token.length > longestToken) return refuse('invalid_token', 'The token is too long')
    const verifier = verifiers.get(issuerOf(token))
    if (verifier === undefined) return refuse('invalid_token', 'The token is of no issuer that is known here')
    const { issuer, audience, algorithms } = verifier
    const claims = await verify(token, verifier, {
      issuer,
      audience,
      algorithms,
      clockTolerance: clockTolerance / 1000,
      currentDate: new Date(clock.now()),
      requiredClaims: ['exp'],
    })
    if (typeof claims === 'string') return refuse('invalid_token', claims)
    return {
      principal: principalOf(claims) || undefined,
      claims,
      expires: claims.exp * 1000 + clockTolerance,
      allow: (topic) => rights.allow(topic, claims),
      challenge(denied) {
        const scope = rights.missingScopes(denied, claims).join(' ')
        return scope === ''
          ? undefined
          : `Bearer realm="${realm}", error="insufficient_scope", scope="${scope}"`
      },
    }
  }
  return authorize as unknown as Authorize<Contract>
}

function createVerifier(
  { issuer, audience, keys, algorithms, types = defaultTypes }: JwtIssuer,
  options: Parameters<typeof createKeyFinder>[1],
): Verifier {
  const audiences = [audience].flat()
  if (!issuer || typeof issuer !== 'string') throw new TypeError('issuer must be a text that is not empty')
  // A token for somebody else would do.
  if (audiences.length === 0 || audiences.some((name) => !name)) {
    throw new TypeError('audience must be a text that is not empty')
  }
  return {
    issuer,
    algorithms: readAlgorithms(keys, algorithms),
    find: createKeyFinder(keys, options),
    audience: audiences as string[],
    types: new Set([...types.map(bareType), ...(types === defaultTypes ? [''] : [])]),
  }
}

// Read before anything is verified, to know whose keys are to be asked; then it has to be true.
function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    return ''
  }
}

/** The claims of a token that holds, or what is wrong with it, in words of ours: nothing out of a token is ever told. */
async function verify(
  token: string,
  verifier: Verifier,
  options: JWTVerifyOptions,
): Promise<JwtClaims | string> {
  const { alg, kid, typ } = headerOf(token)
  // Before any key is asked for: nobody is to be kept busy by tokens that cannot be.
  if (!alg || !verifier.algorithms.includes(alg)) return 'The token is signed in a way that is not allowed'
  if (!verifier.types.has(bareType(typ))) return 'The token is of another type'
  const keys = await findKeys(verifier, { alg, ...(kid === undefined ? {} : { kid }) })
  let fault = 'The token is signed with a key that is not known'
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, options)
      // It has what was required.
      return payload as JwtClaims
    } catch (error) {
      fault = describeFault(error)
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break
    }
  }
  return fault
}

function headerOf(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return {}
  }
}

/** The keys that may fit; none where there are none. What goes wrong beside the token goes through. */
async function findKeys({ find }: Verifier, header: KeyHeader): ReturnType<FindKeys> {
  try {
    return await find(header)
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSENotSupported) return []
    throw error
  }
}

function describeFault(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The signature of the token is wrong'
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf'
      ? 'The token is not valid yet'
      : `The claim ${nameOf(error.claim)} of the token does not fit`
  }
  // Also a key that is of another kind than the token's algorithm.
  return 'The token cannot be verified'
}

const nameOf = (claim: string): string => (['iss', 'aud', 'exp', 'iat'].includes(claim) ? claim : 'set')

// [RFC 7515 §4.1.9] A recipient using the media type value MUST treat it as if "application/" were prepended.
const bareType = (type: unknown): string =>
  String(type ?? '')
    .toLowerCase()
    .replace(/^application\//, '')

function subjectOf({ sub }: JwtClaims): string | undefined {
  return typeof sub === 'string' && sub !== '' ? sub : undefined
}

// Two issuers may well have the same subject, who are two people.
function issuerAndSubjectOf(claims: JwtClaims): string | undefined {
  const subject = subjectOf(claims)
  return subject && `${claims.iss} ${subject}`
}
