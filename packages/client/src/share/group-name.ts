import type { Settings } from '../options.ts'

/** What tabs say to each other. Those of another version are another group. */
const version = 1

/**
 * The name that the tabs of one stream know each other by. A hash, because whoever runs in the origin can list the names of locks, and
 * headers may be secret.
 */
export async function nameGroup(
  { url, headers, credentials }: Settings,
  identity: string | undefined,
): Promise<string> {
  const entries =
    identity === undefined
      ? [...new Headers(typeof headers === 'function' ? await headers() : headers)]
      : undefined
  const text = JSON.stringify([version, url, credentials ?? null, identity ?? null, entries ?? null])
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return `millrace/${[...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
