import { createLocalJWKSet, errors, type jwtVerify } from 'jose'
import type { Clock } from '../clock.ts'

/** A JSON Web Key. [RFC 7517] */
export interface JwtKey {
  readonly kty: string
  readonly kid?: string
  readonly alg?: string
  readonly [member: string]: unknown
}

/** A key that the runtime holds: a `CryptoKey`, or Node's `KeyObject`. */
export interface RuntimeKey {
  readonly type: string
}

/** A JSON Web Key Set. [RFC 7517 §5] */
export interface JwtKeySet {
  readonly keys: readonly JwtKey[]
}

/**
 * What tokens are verified with: the address of a JSON Web Key Set, such a set, one key, or the bytes of a shared secret, which needs
 * `algorithms` to name its own.
 */
export type JwtKeys = URL | JwtKeySet | JwtKey | RuntimeKey | Uint8Array

/** What a token says of its key. */
export interface KeyHeader {
  readonly alg: string
  readonly kid?: string
}

/** The keys that a token may have been signed with: mostly one, several where it does not say which. */
export type FindKeys = (header: KeyHeader) => Promise<readonly VerifyingKey[]>

type VerifyingKey = Exclude<Parameters<typeof jwtVerify>[1], (...parameters: never[]) => unknown>

interface KeyFinderOptions {
  readonly fetch: (request: Request) => Promise<Response>
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

// A token without a `kid` is tried with so many keys at most.
const mostKeys = 8

/** Makes what finds keys. Each issuer has its own, so that no key of one ever verifies a token of another. */
export function createKeyFinder(keys: JwtKeys, options: KeyFinderOptions): FindKeys {
  if (keys instanceof URL) {
    const remote = new RemoteKeys(keys, options)
    return (header) => remote.find(header)
  }
  if (isKeySet(keys)) return searchSet(keys)
  if (!(keys instanceof Uint8Array) && !('type' in keys) && !('kty' in keys)) {
    throw new TypeError('keys must be a URL, a JSON Web Key Set, a key or the bytes of a secret')
  }
  const isPrivate = 'type' in keys ? keys.type === 'private' : 'd' in keys
  if (isPrivate) throw new TypeError('keys must be public: a private key belongs to whoever makes the tokens')
  // What the runtime calls a key is one for jose, too.
  const found = [keys as VerifyingKey]
  return async () => found
}

/** Whether keys are a secret, which whoever can verify with can sign with, too. */
export function isSecret(keys: JwtKeys): boolean {
  return (
    keys instanceof Uint8Array ||
    ('type' in keys ? keys.type === 'secret' : 'kty' in keys && keys.kty === 'oct')
  )
}

function isKeySet(keys: JwtKeys): keys is JwtKeySet {
  return 'keys' in keys && Array.isArray(keys.keys)
}

function searchSet(set: JwtKeySet): FindKeys {
  const find = createLocalJWKSet(set as unknown as Parameters<typeof createLocalJWKSet>[0])
  return async (header) => {
    try {
      return [await find(header as Parameters<typeof find>[0])]
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
      const found: VerifyingKey[] = []
      for await (const key of error) if (found.push(key) === mostKeys) break
      return found
    }
  }
}

/** How long a set is believed without asking again, in milliseconds. */
const freshFor = 10 * 60_000

/** How long one goes on being believed while its server does not answer, in milliseconds. */
const staleFor = 60 * 60_000

/** How long nobody asks again, whatever keys tokens name and whatever fails, in milliseconds. */
const cooldown = 30_000

/** The same as long as there is no set at all, and so nobody can be let in. */
const firstCooldown = 1_000

/** How long a set may take to come, in milliseconds. */
const fetchDeadline = 5_000

const mostBytes = 512 * 1024

/** The keys at one address, which the configuration names and no token ever does. */
class RemoteKeys {
  readonly #url: URL
  readonly #options: KeyFinderOptions
  #search: FindKeys | undefined
  #loadedAt = Number.NEGATIVE_INFINITY
  #triedAt = Number.NEGATIVE_INFINITY
  #failure: unknown
  #loading: Promise<void> | undefined

  constructor(url: URL, options: KeyFinderOptions) {
    if (!/^https?:$/.test(url.protocol)) throw new TypeError('keys must be at an http or https address')
    this.#url = url
    this.#options = options
  }

  async find(header: KeyHeader): ReturnType<FindKeys> {
    if (this.#age > freshFor) await this.#load()
    // Somebody else's outage is no reason to send everybody away, as long as the keys are not old.
    if (this.#search === undefined || this.#age > staleFor) throw this.#failure
    try {
      return await this.#search(header)
    } catch (error) {
      // A new key may have been put there since.
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#load())) throw error
      return await this.#search(header)
    }
  }

  get #age(): number {
    return this.#options.clock.now() - this.#loadedAt
  }

  /** Loads the set, unless that was tried a moment ago. Answers whether there is another one than before. Never rejects. */
  async #load(): Promise<boolean> {
    const { clock, onError } = this.#options
    const before = this.#loadedAt
    if (this.#loading === undefined) {
      const pause = this.#search === undefined ? firstCooldown : cooldown
      if (clock.now() - this.#triedAt < pause) return false
      this.#triedAt = clock.now()
      this.#loading = this.#fetch()
        .catch((error: unknown) => {
          this.#failure = new Error(`The keys at ${this.#url.origin}${this.#url.pathname} cannot be had`, {
            cause: error,
          })
          onError(this.#failure)
        })
        .finally(() => {
          this.#loading = undefined
        })
    }
    await this.#loading
    return this.#loadedAt > before
  }

  async #fetch(): Promise<void> {
    const { fetch, clock } = this.#options
    const leaving = new AbortController()
    const cancel = clock.after(fetchDeadline, () => leaving.abort(new Error('It takes too long')))
    const request = new Request(this.#url, {
      // Nor where an answer sends it: only this address was configured.
      redirect: 'error',
      signal: leaving.signal,
      headers: { accept: 'application/json' },
    })
    // Nobody is kept waiting by a `fetch` that does not obey its signal. Node's request hears of it only while somebody holds that.
    const late = new Promise<never>((_, reject) => {
      leaving.signal.onabort = () => reject(request.signal.reason)
    })
    try {
      this.#search = searchSet(await Promise.race([fetch(request).then(readSet), late]))
      this.#loadedAt = clock.now()
    } finally {
      cancel()
    }
  }
}

async function readSet(response: Response): Promise<JwtKeySet> {
  if (response.status !== 200) throw new Error(`It answered ${response.status}`)
  return JSON.parse(await readText(response))
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  let text = ''
  let bytes = 0
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    bytes += read.value.byteLength
    if (bytes > mostBytes) {
      void reader?.cancel().catch(() => {})
      throw new Error(`It is longer than ${mostBytes} bytes`)
    }
    text += decoder.decode(read.value, { stream: true })
  }
  return text + decoder.decode()
}
