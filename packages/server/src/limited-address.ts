/**
 * An address as limits count it: an IPv4 address as it stands, of an IPv6 address the network (/64), all of which one customer has. What is
 * neither counts for nobody.
 */
export function limitedAddress(text: string | undefined): string | undefined {
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

/** The same of a socket's address, which is remembered: behind proxies all come from their few, and whoever opens many streams opens them together. */
export function limitedSocketAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  let limited = remembered.get(text)
  if (limited === undefined) {
    limited = limitedAddress(text)
    if (limited === undefined) return undefined
    if (remembered.size >= rememberedAtMost) remembered.clear()
    remembered.set(text, limited)
  }
  return limited
}

const remembered = new Map<string, string>()
const rememberedAtMost = 1_000
