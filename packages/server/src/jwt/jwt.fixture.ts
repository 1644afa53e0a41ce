import { createServer } from 'node:http'
import { channel, defineContract } from '@millrace/contract'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import * as z from 'zod'
import { ManualClock } from '../fixtures/manual-clock.fixture.ts'
import { listen, serve } from '../fixtures/serve.fixture.ts'
import type { JwtAuthorizerOptions, JwtKey } from '../jwt.ts'
import { jwtAuthorizer } from '../jwt.ts'

const events = { said: z.string() }

/** A contract in which tenants have topics of their own. */
export const desk = defineContract({
  name: 'desk',
  version: '1.0.0',
  channels: {
    tickets: channel('tenants/{tenantId}/tickets/{ticket}', { events }),
    members: channel('tenants/{tenantId}/members', { events }),
    rooms: channel('rooms/{room}', { params: { room: z.templateLiteral([z.number()]) }, events }),
    news: channel('news', { events }),
  },
})

export const issuer = 'https://issuer.test/'
export const audience = 'https://desk.test/'

/** Somebody who makes tokens. */
export interface Signer {
  readonly kid: string | null
  readonly publicKey: CryptoKey
  /** The key as a set has it. */
  readonly jwk: JwtKey
  /** Makes a token that holds, but for what is given. */
  sign(claims?: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>
}

const clockStart = new ManualClock().now()

/** @param kid `null` for a key without a name */
export async function createSigner(kid: string | null = 'k1', alg = 'ES256'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), alg, ...(kid === null ? {} : { kid }) } as JwtKey
  return {
    kid,
    publicKey,
    jwk,
    sign: (claims = {}, header = {}) =>
      new SignJWT(claimsOf(claims))
        .setProtectedHeader({ alg, ...(kid === null ? {} : { kid }), ...header })
        .sign(privateKey),
  }
}

/** What a token says unless told otherwise: an hour's rights of somebody. */
export function claimsOf(claims: JWTPayload = {}): JWTPayload {
  const now = clockStart / 1000
  return { iss: issuer, aud: audience, sub: 'ann', iat: now, exp: now + 3_600, ...claims }
}

/** A server of key sets, which counts how often it is asked. */
export async function serveKeys(...keys: readonly unknown[]) {
  const state = { keys, status: 200, asked: 0, text: undefined as string | undefined, location: '' }
  const server = createServer((_, response) => {
    state.asked += 1
    response.writeHead(state.status, { 'content-type': 'application/json', location: state.location })
    response.end(state.text ?? JSON.stringify({ keys: state.keys }))
  })
  const port = await listen(server)
  return Object.assign(state, { url: new URL(`http://127.0.0.1:${port}/keys.json`), server, port })
}

type Options = Partial<JwtAuthorizerOptions<typeof desk>> &
  Pick<Parameters<typeof serve>[0] & object, 'limits'>

/** Serves streams to those who have a token. Everybody may read everything unless told otherwise. */
export async function serveWithTokens({ limits, ...given }: Options) {
  const clock = new ManualClock()
  const told: unknown[] = []
  const rules = ['topics', 'scopes', 'tenant', 'allow'].some((rule) => rule in given)
    ? {}
    : { allow: () => true }
  const options = {
    issuer,
    audience,
    clock,
    onError: (error: unknown) => told.push(error),
    ...rules,
    ...given,
  }
  const served = await serve({
    contract: desk,
    clock,
    ...(limits === undefined ? {} : { limits }),
    // The fixture's server is of any contract.
    authorize: jwtAuthorizer(options as JwtAuthorizerOptions),
  })
  return { ...served, clock, told }
}

export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
