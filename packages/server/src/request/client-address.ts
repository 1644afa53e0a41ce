import { type AuthorizeRequest, describeRequest } from '../authorize/authorize-request.ts'
import { letGo } from '../let-go.ts'
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
    const found: unknown = trust(describeRequest(call, limitedAddress(remote)))
    if (typeof found === 'string' || found === undefined) return limitedAddress(found)
    letGo(found)
    throw new TypeError('trustProxy must answer a text or undefined')
  }
  if (trust === 0) return limitedAddress(remote)
  const entries = (call.header('x-forwarded-for') ?? '').split(',')
  // Fewer entries than proxies: it came by another way, and nothing that it says can be believed.
  return limitedAddress(entries.length < trust ? remote : entries[entries.length - trust])
}

/**
 * An address as limits count it: an IPv4 address as it stands, of an IPv6 address the network (/64), all of which one customer has. What is
 * neither counts for nobody.
 */
function limitedAddress(text: string | undefined): string | undefined {
  if (text !== newest.text) newest = { text, limited: limit(text) }
  return newest.limited
}

// Behind a proxy that nobody trusts all come from one address, and whoever opens many streams opens them next to each other.
let newest: { readonly text: string | undefined; readonly limited: string | undefined } = {
  text: undefined,
  limited: undefined,
}

function limit(text: string | undefined): string | undefined {
  const bare = (text ?? '')
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
    .replace(/%.*$/, '')
    .toLowerCase()
  const [, four] = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/.exec(bare) ?? []
  if (four !== undefined) return four
  if (!/^[0-9a-f:]{2,39}$/.test(bare) || !bare.includes(':')) return undefined
  const [before = '', after] = bare.split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after === undefined || after === '' ? [] : after.split(':')
  const zeros = after === undefined ? [] : Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0')
  const groups = [...head, ...zeros, ...tail].slice(0, 4)
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
