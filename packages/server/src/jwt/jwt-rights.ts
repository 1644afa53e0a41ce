import type { AnyContract } from '@millrace/contract'
import { fitsPattern } from '@millrace/protocol'
import type { AskedTopic, ChannelKey } from '../request/asked-topic.ts'

/** The claims of a token that was verified. */
export interface JwtClaims {
  readonly iss: string
  readonly sub?: string
  readonly aud?: string | readonly string[]
  /** When it expires, in seconds since 1970. */
  readonly exp: number
  readonly [claim: string]: unknown
}

/** Which tenant's topics may be read: those whose param equals the claim. */
export interface JwtTenant<Contract = AnyContract> {
  /** The param of the channels' paths: `tenantId` in `tenants/{tenantId}/orders`. */
  readonly param: string
  /** The claim that names the tenant, or a list of several. */
  readonly claim: string
  /** The channels that belong to no tenant. Others without the param may not be read. @default none */
  readonly shared?: readonly ChannelKey<Contract>[]
}

/** What a token allows. Where several are given, a topic has to pass each of them. */
export interface JwtRights<Contract = AnyContract> {
  /** Which addresses the claims allow; `orders/*` allows every order, and the pattern itself. */
  readonly topics?: (claims: JwtClaims) => readonly string[]
  /**
   * The scopes that each channel needs, all of them: `{ orders: 'orders:read', news: [] }`. A channel that is not named may not be read.
   */
  readonly scopes?: { readonly [Key in ChannelKey<Contract>]?: string | readonly string[] }
  /** The claim that lists the scopes, as text with spaces or as a list. @default 'scope', and 'scp' where there is none */
  readonly scopeClaim?: string
  readonly tenant?: JwtTenant<Contract>
  /** Anything else. */
  readonly allow?: (topic: AskedTopic<Contract>, claims: JwtClaims) => boolean | Promise<boolean>
}

/** What may be read with a token, and what it lacks. */
export interface Rights {
  allow(topic: AskedTopic, claims: JwtClaims): boolean | Promise<boolean>
  /** The scopes that these topics need and the token does not have. */
  missingScopes(topics: readonly AskedTopic[], claims: JwtClaims): readonly string[]
}

/** @throws TypeError where nothing says who may read what */
export function createRights(rights: JwtRights): Rights {
  const { topics, scopes, scopeClaim, tenant, allow } = rights
  if ([topics, scopes, tenant, allow].every((rule) => rule === undefined)) {
    throw new TypeError('jwtAuthorizer needs topics, scopes, tenant or allow, to know who may read what')
  }
  const needed = scopes && new Map(Object.entries(scopes as Record<string, string | readonly string[]>))
  const missing = ({ channel }: AskedTopic, claims: JwtClaims): readonly string[] => {
    const held = scopesIn(claims, scopeClaim)
    return [needed?.get(channel) ?? []].flat().filter((scope) => !held.has(scope))
  }
  return {
    allow(topic, claims) {
      if (topics !== undefined && !topics(claims).some((pattern) => covers(pattern, topic.address)))
        return false
      if (needed !== undefined && !needed.has(topic.channel)) return false
      if (missing(topic, claims).length > 0) return false
      if (tenant !== undefined && !isOfTenant(tenant, topic, claims)) return false
      return allow === undefined || allow(topic, claims)
    },
    missingScopes: (denied, claims) => [...new Set(denied.flatMap((topic) => missing(topic, claims)))],
  }
}

// What is asked for may be a pattern itself: its stars are covered by stars alone, because no param is ever written `*`.
function covers(pattern: string, address: string): boolean {
  return fitsPattern(pattern.split('/'), address.split('/'))
}

function scopesIn(claims: JwtClaims, claim: string | undefined): ReadonlySet<unknown> {
  const value = claim === undefined ? (own(claims, 'scope') ?? own(claims, 'scp')) : own(claims, claim)
  if (typeof value === 'string') return new Set(value.split(' '))
  return new Set(Array.isArray(value) ? value : [])
}

function isOfTenant({ param, claim, shared = [] }: JwtTenant, topic: AskedTopic, claims: JwtClaims): boolean {
  if ((shared as readonly string[]).includes(topic.channel)) return true
  // Left open in a pattern, or not in the path at all.
  const tenant = textOf(own(topic.params, param))
  if (tenant === undefined) return false
  return [own(claims, claim)].flat().some((value) => textOf(value) === tenant)
}

// `null` and objects are nobody's, least of all each other's.
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : undefined
}

function own(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined
}
