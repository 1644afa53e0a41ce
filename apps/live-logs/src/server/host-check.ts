import { isIP } from 'node:net'

/**
 * Whether a request may be answered, by its `host` header. Logs are private: a server for this machine alone must not
 * answer a page elsewhere that had its own name point here (DNS rebinding). One that listens to others takes any name.
 */
export function isHostAllowed(host: string | undefined, listening: string): boolean {
  if (!isLoopback(listening)) return true
  return host !== undefined && isLoopback(host.replace(/:\d*$/, ''))
}

function isLoopback(name: string): boolean {
  const bare = name.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) === 4) return bare.startsWith('127.')
  return bare === '::1' || bare === 'localhost' || bare.endsWith('.localhost')
}
