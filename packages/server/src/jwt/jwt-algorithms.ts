import { isSecret, type JwtKeys } from './jwt-key-finder.ts'

const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
const symmetric = ['HS256', 'HS384', 'HS512']

/** [RFC 7518 §3.2] A key of the same size as the hash output (for instance, 256 bits for HS256) or larger MUST be used. */
const leastSecretBytes = 32

/**
 * The algorithms that tokens of an issuer may be signed with: unless they are named, every one that takes a public key.
 *
 * @throws TypeError where a public key could be taken for a secret, where a secret is too short, and for what is no algorithm
 */
export function readAlgorithms(keys: JwtKeys, algorithms: readonly string[] | undefined): string[] {
  const allowed = algorithms ?? asymmetric
  const unknown = allowed.find(
    (algorithm) => !asymmetric.includes(algorithm) && !symmetric.includes(algorithm),
  )
  if (unknown !== undefined || allowed.length === 0) {
    throw new TypeError(
      `algorithms: ${JSON.stringify(unknown)} is none of ${[...asymmetric, ...symmetric].join(', ')}`,
    )
  }
  const secret = isSecret(keys)
  // Whoever has the public key, which is everybody, could sign with it as if it were a secret.
  const wrong = allowed.find((algorithm) => symmetric.includes(algorithm) !== secret)
  if (wrong !== undefined) {
    throw new TypeError(
      secret
        ? `algorithms must name HS256, HS384 or HS512 for a secret, and not ${wrong}`
        : `algorithms: ${wrong} needs a secret, and the keys are public`,
    )
  }
  if (keys instanceof Uint8Array && keys.byteLength < leastSecretBytes) {
    throw new TypeError(`keys: a secret must have ${leastSecretBytes} bytes at least`)
  }
  return [...allowed]
}
