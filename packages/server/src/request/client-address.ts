import { type AuthorizeRequest, describeRequest } from '../authorize/authorize-request.ts'
import { letGo } from '../let-go.ts'
import { limitedAddress, limitedSocketAddress } from '../limited-address.ts'
import type { Call } from './call.ts'

/** Whom to believe about a client's address: so many proxies in front, or a function that knows better. */
export type TrustProxy = number | ((request: AuthorizeRequest) => string | undefined)

/**
 * Finds the address that a request is counted by.
 *
 * Each proxy writes the address that it was asked from behind what came to it, so the last entries are the proxies' own and what
 * stands before them may be anybody's invention.
 */
export function findAddress(call: Call, trust: TrustProxy): string | undefined {
  const { remoteAddress: remote } = call
  if (typeof trust === 'function') {
    const found: unknown = trust(describeRequest(call, limitedSocketAddress(remote)))
    if (typeof found === 'string' || found === undefined) return limitedAddress(found)
    letGo(found)
    throw new TypeError('trustProxy must answer a text or undefined')
  }
  if (trust === 0) return limitedSocketAddress(remote)
  const entries = (call.header('x-forwarded-for') ?? '').split(',')
  // Fewer entries than proxies: it came by another way, and nothing that it says can be believed.
  return entries.length < trust
    ? limitedSocketAddress(remote)
    : limitedAddress(entries[entries.length - trust])
}
