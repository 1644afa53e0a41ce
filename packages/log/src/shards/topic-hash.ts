/**
 * A number from 0 to below 2^32 for the address of a topic, by which it finds its shard: FNV-1a over its bytes in UTF-8, the bits of which are
 * then mixed as by the end of MurmurHash3, because the lowest ones of FNV-1a alone tell little. Whoever publishes from elsewhere
 * has to come to the same number, so it will never be another one.
 */
export function hashTopic(address: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < address.length; index += 1) {
    const code = address.charCodeAt(index)
    // No address of a contract has such characters, and for the others to make bytes would take ten times as long as all of this.
    if (code > 127) return hashBytes(new TextEncoder().encode(address))
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return mixed(hash)
}

function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return mixed(hash)
}

function mixed(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}
