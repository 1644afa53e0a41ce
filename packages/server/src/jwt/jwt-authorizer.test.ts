import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { controlEvent } from '@millrace/protocol'
import { exportSPKI, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { collectGarbage } from '../fixtures/collect-garbage.fixture.ts'
import { openStream } from '../fixtures/open-stream.fixture.ts'
import { type JwtAuthorizerOptions, type JwtClaims, jwtAuthorizer } from '../jwt.ts'
import {
  audience,
  bearer,
  claimsOf,
  createSigner,
  desk,
  issuer,
  type Signer,
  serveKeys,
  serveWithTokens,
} from './jwt.fixture.ts'

let signer: Signer
let other: Signer

beforeAll(async () => {
  signer = await createSigner()
  other = await createSigner()
})

const encoder = new TextEncoder()
const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What a token is answered with, by the address of the news unless told otherwise. */
async function answer({ url }: { url(rest: string): string }, token: string, rest = '/news') {
  const stream = await openStream(url(rest), bearer(token))
  const { status, headers } = stream
  return { status, challenge: headers['www-authenticate'] }
}

const invalid = (description: string) => ({
  status: 401,
  challenge: `Bearer realm="millrace", error="invalid_token", error_description="${description}"`,
})
const open = { status: 200, challenge: undefined }

describe('keys', () => {
  it.each<[string, () => Promise<{ keys: unknown; algorithms?: string[]; token: string }>]>([
    ['a set', async () => ({ keys: { keys: [signer.jwk] }, token: await signer.sign() })],
    ['a JSON Web Key', async () => ({ keys: signer.jwk, token: await signer.sign() })],
    ['a CryptoKey', async () => ({ keys: signer.publicKey, token: await signer.sign() })],
    [
      "Node's own key",
      async () => ({ keys: createPublicKey(await exportSPKI(signer.publicKey)), token: await signer.sign() }),
    ],
    ['an address', async () => ({ keys: (await serveKeys(signer.jwk)).url, token: await signer.sign() })],
    ...['RS256', 'PS384', 'ES512', 'EdDSA'].map(
      (alg) =>
        [
          `a key for ${alg}`,
          async () => {
            const own = await createSigner('k1', alg)
            return { keys: { keys: [own.jwk] }, token: await own.sign() }
          },
        ] as [string, () => Promise<{ keys: unknown; token: string }>],
    ),
    [
      'a secret, with its algorithm',
      async () => {
        const keys = encoder.encode('a secret that is long enough for it')
        const token = await new SignJWT(claimsOf()).setProtectedHeader({ alg: 'HS256' }).sign(keys)
        return { keys, algorithms: ['HS256'], token }
      },
    ],
  ])('may be %s', async (_, make) => {
    const { token, ...options } = await make()
    const served = await serveWithTokens(options as Parameters<typeof serveWithTokens>[0])
    expect(await answer(served, token)).toEqual(open)
    const broken = `${token.slice(0, -6)}${token.at(-6) === 'A' ? 'B' : 'A'}${token.slice(-5)}`
    expect(await answer(served, broken)).toEqual(invalid('The signature of the token is wrong'))
  })

  it('of one set need no names, where there are few', async () => {
    const nameless = await Promise.all([createSigner(null), createSigner(null)])
    const served = await serveWithTokens({
      keys: { keys: nameless.map(({ jwk }) => jwk) },
    })
    for (const own of nameless) expect(await answer(served, await own.sign())).toEqual(open)
    const many = await Promise.all(Array.from({ length: 9 }, () => createSigner(null)))
    const crowded = await serveWithTokens({ keys: { keys: many.map(({ jwk }) => jwk) } })
    const statuses = await Promise.all(
      many.map(async (own) => (await answer(crowded, await own.sign())).status),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(8)
    const stranger = await createSigner(null)
    expect(await answer(served, await stranger.sign())).toEqual(
      invalid('The signature of the token is wrong'),
    )
  })
})

describe('a token is refused', () => {
  const now = Number(claimsOf().iat)

  it.each<[string, Parameters<Signer['sign']>[0], string]>([
    ['that has expired', { exp: now - 6 }, 'The token has expired'],
    ['that is not valid yet', { nbf: now + 6 }, 'The token is not valid yet'],
    ['without an end', { exp: undefined as never }, 'The claim exp of the token does not fit'],
    ['for somebody else', { aud: 'https://else.test/' }, 'The claim aud of the token does not fit'],
    ['for nobody', { aud: undefined as never }, 'The claim aud of the token does not fit'],
    ['of somebody else', { iss: 'https://evil.test/' }, 'The token is of no issuer that is known here'],
    [
      'of an issuer but for a slash',
      { iss: issuer.slice(0, -1) },
      'The token is of no issuer that is known here',
    ],
    ['of nobody', { iss: undefined as never }, 'The token is of no issuer that is known here'],
  ])('%s', async (_, claims, description) => {
    const served = await serveWithTokens({ keys: signer.jwk })
    expect(await answer(served, await signer.sign(claims))).toEqual(invalid(description))
    expect(served.told).toEqual([])
    expect(served.errors).toEqual([])
    expect(served.events.stats()).toMatchObject({ opened: 0, refused: { unauthorized: 1 } })
  })

  it.each<[string, () => Promise<string> | string, string]>([
    ['signed by another key of the same name', () => other.sign(), 'The signature of the token is wrong'],
    [
      'that is not signed',
      () => `${text({ alg: 'none' })}.${text(claimsOf())}.`,
      'The token is signed in a way that is not allowed',
    ],
    [
      'that claims not to be signed, and is',
      async () => `${text({ alg: 'none' })}.${(await signer.sign()).split('.').slice(1).join('.')}`,
      'The token is signed in a way that is not allowed',
    ],
    [
      'signed with the public key as if it were a secret',
      async () =>
        new SignJWT(claimsOf())
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(encoder.encode(await exportSPKI(signer.publicKey))),
      'The token is signed in a way that is not allowed',
    ],
    [
      'whose claims were changed',
      async () => {
        const [header, , signature] = (await signer.sign()).split('.')
        return `${header}.${text(claimsOf({ sub: 'root' }))}.${signature}`
      },
      'The signature of the token is wrong',
    ],
    [
      'for an algorithm that its key is not of',
      async () => (await createSigner('k1', 'ES384')).sign(),
      'The token cannot be verified',
    ],
    [
      'whose header asks for what nobody knows',
      async () => `${text({ alg: 'ES256', crit: ['x'], x: 1 })}.${text(claimsOf())}.AAAA`,
      'The token cannot be verified',
    ],
    [
      'that is another kind of token',
      () => signer.sign({}, { typ: 'logout+jwt' }),
      'The token is of another type',
    ],
    ['that is none', () => 'abc', 'The token is of no issuer that is known here'],
    ['of nothing but dots', () => '..', 'The token is of no issuer that is known here'],
    ['that is encrypted', () => 'a.b.c.d.e', 'The token is of no issuer that is known here'],
    ['that is huge', () => `${'x'.repeat(10_000)}.y.z`, 'The token is too long'],
  ])('%s', async (_, make, description) => {
    const served = await serveWithTokens({ keys: signer.jwk })
    expect(await answer(served, await make())).toEqual(invalid(description))
    expect(served.errors).toEqual([])
  })

  it('that is not there, without a word about errors', async () => {
    const { url } = await serveWithTokens({ keys: signer.jwk, realm: 'desk' })
    for (const headers of [{}, { authorization: 'Basic YTpi' }, { authorization: 'Bearer ' }]) {
      const stream = await openStream(url('/news'), { headers })
      expect(stream).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer realm="desk"' } })
    }
  })

  it('by the types that are asked for', async () => {
    const served = await serveWithTokens({ keys: signer.jwk, types: ['at+jwt'] })
    expect(await answer(served, await signer.sign({}, { typ: 'at+jwt' }))).toEqual(open)
    expect(await answer(served, await signer.sign({}, { typ: 'application/AT+JWT' }))).toEqual(open)
    for (const typ of ['JWT', undefined]) {
      expect(await answer(served, await signer.sign({}, { typ }))).toEqual(
        invalid('The token is of another type'),
      )
    }
  })

  it('but not for clocks that are a little apart', async () => {
    const served = await serveWithTokens({ keys: signer.jwk, clockTolerance: 60_000 })
    expect(await answer(served, await signer.sign({ nbf: now + 59, exp: now + 90 }))).toEqual(open)
    expect(await answer(served, await signer.sign({ exp: now - 59 }))).toEqual(open)
    expect(await answer(served, await signer.sign({ exp: now - 60 }))).toEqual(
      invalid('The token has expired'),
    )
    expect(await answer(served, await signer.sign({ nbf: now + 61 }))).toEqual(
      invalid('The token is not valid yet'),
    )
  })
})

describe('keys at an address', () => {
  it('are asked for once, whatever tokens come', async () => {
    const keys = await serveKeys(signer.jwk)
    const served = await serveWithTokens({ keys: keys.url })
    const token = await signer.sign()
    const answers = await Promise.all(Array.from({ length: 10 }, () => answer(served, token)))
    expect(answers).toEqual(Array(10).fill(open))
    expect(keys.asked).toBe(1)
  })

  it('are asked for again when a token names one that is new, but not at every word of somebody', async () => {
    const keys = await serveKeys(signer.jwk)
    const served = await serveWithTokens({ keys: keys.url })
    const [token, stranger] = [await signer.sign(), await createSigner('stranger')]
    expect(await answer(served, token)).toEqual(open)
    const next = await createSigner('k2')
    keys.keys = [signer.jwk, next.jwk]
    const unknown = invalid('The token is signed with a key that is not known')
    // Loaded a moment ago.
    expect(await answer(served, await next.sign())).toEqual(unknown)
    expect(keys.asked).toBe(1)
    served.clock.advance(30_000)
    expect(await answer(served, await next.sign())).toEqual(open)
    expect(keys.asked).toBe(2)
    for (let count = 0; count < 5; count += 1)
      expect(await answer(served, await stranger.sign())).toEqual(unknown)
    expect(keys.asked).toBe(2)
    expect(await answer(served, token)).toEqual(open)
  })

  it('that were taken away are believed for ten minutes', async () => {
    const keys = await serveKeys(signer.jwk)
    const served = await serveWithTokens({ keys: keys.url })
    const token = await signer.sign()
    expect(await answer(served, token)).toEqual(open)
    const next = await createSigner('k2')
    keys.keys = [next.jwk]
    served.clock.advance(600_001)
    expect(await answer(served, token)).toEqual(invalid('The token is signed with a key that is not known'))
    expect(await answer(served, await next.sign())).toEqual(open)
    expect(keys.asked).toBe(2)
  })

  it('go on being believed for an hour while nobody answers there', async () => {
    const keys = await serveKeys(signer.jwk)
    const served = await serveWithTokens({ keys: keys.url })
    const token = await signer.sign({ exp: Number(claimsOf().exp) + 86_400 })
    expect(await answer(served, token)).toEqual(open)
    keys.status = 500
    served.clock.advance(600_001)
    expect(await answer(served, token)).toEqual(open)
    expect(served.told).toMatchObject([{ message: `The keys at ${keys.url} cannot be had` }])
    served.clock.advance(3_600_000)
    expect((await answer(served, token)).status).toBe(503)
    keys.status = 200
    served.clock.advance(30_000)
    expect(await answer(served, token)).toEqual(open)
  })

  it.each<[string, Partial<{ status: number; text: string; location: string }>]>([
    ['there is an error', { status: 500 }],
    ['somebody points elsewhere', { status: 302 }],
    ['there is no JSON', { text: '<html>' }],
    ['there is no set', { text: '{"keys":1}' }],
    ['there is no end of it', { text: `{"keys":[],"x":"${'x'.repeat(600_000)}"}` }],
  ])('cannot be had where %s: that is nobody else’s fault', async (_, state) => {
    const elsewhere = await serveKeys(signer.jwk)
    const keys = Object.assign(await serveKeys(signer.jwk), { location: elsewhere.url.href }, state)
    const served = await serveWithTokens({ keys: keys.url })
    const token = await signer.sign()
    expect(await answer(served, token)).toEqual({ status: 503, challenge: undefined })
    expect(elsewhere.asked).toBe(0)
    expect(served.told).toHaveLength(1)
    // The next second they may be there.
    Object.assign(keys, { status: 200, text: undefined })
    served.clock.advance(1_000)
    expect(await answer(served, token)).toEqual(open)
  })

  it('are waited for five seconds, and nobody is kept waiting by whoever does not answer', async () => {
    const keys = await serveKeys(signer.jwk)
    const served = await serveWithTokens({ keys: keys.url })
    const token = await signer.sign()
    keys.server.removeAllListeners('request')
    const asked = once(keys.server, 'request')
    const answered = answer(served, token)
    await asked
    await collectGarbage()
    served.clock.advance(4_999)
    expect(served.told).toEqual([])
    served.clock.advance(1)
    expect(await answered).toEqual({ status: 503, challenge: undefined })
    expect(served.told).toMatchObject([{ cause: { message: 'It takes too long' } }])
  })

  it('are never sought where a token says', async () => {
    const evil = await createSigner('evil')
    const elsewhere = await serveKeys(evil.jwk)
    const keys = await serveKeys(signer.jwk)
    const served = await serveWithTokens({ keys: keys.url })
    const header = { jku: elsewhere.url.href, x5u: elsewhere.url.href, jwk: evil.jwk }
    expect((await answer(served, await evil.sign({}, header))).status).toBe(401)
    expect((await answer(served, await evil.sign({ iss: elsewhere.url.href }, header))).status).toBe(401)
    expect((await answer(served, await evil.sign({}, { ...header, kid: 'k1' }))).status).toBe(401)
    expect(elsewhere.asked).toBe(0)
  })

  it('belong to their issuer alone, whatever their names', async () => {
    const issuers = [
      { issuer: 'https://a.test', audience, keys: (await serveKeys(signer.jwk)).url },
      { issuer: 'https://b.test', audience, keys: (await serveKeys(other.jwk)).url },
    ]
    const { events, ...served } = await serveWithTokens({ issuers })
    expect(await answer(served, await signer.sign({ iss: 'https://a.test' }))).toEqual(open)
    expect(await answer(served, await other.sign({ iss: 'https://b.test' }))).toEqual(open)
    for (const wrong of [signer.sign({ iss: 'https://b.test' }), other.sign({ iss: 'https://a.test' })]) {
      expect(await answer(served, await wrong)).toEqual(invalid('The signature of the token is wrong'))
    }
    // The same subject of two issuers is two people.
    expect(events.revoke({ principal: 'ann' })).toBe(0)
  })
})

describe('where a token may stand', () => {
  const ask = async (
    token: JwtAuthorizerOptions['token'],
    make: (text: string) => [string, Record<string, string>],
  ) => {
    const served = await serveWithTokens({ keys: signer.jwk, ...(token === undefined ? {} : { token }) })
    const [rest, headers] = make(await signer.sign())
    return (await openStream(served.url(rest), { headers })).status
  }

  it('in the header, whatever the case of its scheme', async () => {
    expect(await ask(undefined, (token) => ['/news', { authorization: `bearer  ${token}` }])).toBe(200)
  })

  it('in a cookie, where it has a name', async () => {
    const cookie = (token: string): [string, Record<string, string>] => [
      '/news',
      { cookie: `a=b; access=${token}` },
    ]
    expect(await ask({ cookie: 'access' }, cookie)).toBe(200)
    expect(await ask(undefined, cookie)).toBe(401)
    // What was sent on purpose counts, not what came along.
    const both = (token: string): [string, Record<string, string>] => [
      '/news',
      { cookie: `access=${token}`, authorization: 'Bearer x' },
    ]
    expect(await ask({ cookie: 'access' }, both)).toBe(401)
  })

  it('in the address only where that was asked for', async () => {
    const query = (token: string): [string, Record<string, string>] => [`/news?access_token=${token}`, {}]
    expect(await ask({ query: 'access_token' }, query)).toBe(200)
    expect(await ask(undefined, query)).toBe(401)
    expect(await ask({ cookie: 'access_token' }, query)).toBe(401)
  })
})

describe('rights', () => {
  const statusOf = async (given: Parameters<typeof serveWithTokens>[0], claims: object, rest: string) =>
    (
      await answer(
        await serveWithTokens({ keys: signer.jwk, ...given }),
        await signer.sign({ ...claims }),
        rest,
      )
    ).status

  describe('by tenant', () => {
    const tenant = { param: 'tenantId', claim: 'tid' }
    it.each([
      [{ tid: 'acme' }, '/tenants/acme/tickets/1', 200],
      [{ tid: 'acme' }, '/tenants/acme/tickets/*', 200],
      [{ tid: 'acme' }, '/tenants/acme/members', 200],
      [{ tid: 'acme' }, '/tenants/%61cme/members', 200],
      [{ tid: 'acme' }, '/tenants/other/members', 403],
      [{ tid: 'acme' }, '/tenants/ACME/members', 403],
      [{ tid: 'acme' }, '/tenants/*/members', 403],
      [{ tid: 'acme' }, '/tenants/*/tickets/*', 403],
      [{ tid: '*' }, '/tenants/*/members', 403],
      [{ tid: 'acme' }, '/news', 403],
      [{ tid: ['acme', 'other'] }, '/tenants/other/members', 200],
      [{ tid: ['acme', 'other'] }, '/tenants/third/members', 403],
      [{ tid: 7 }, '/tenants/7/members', 200],
      [{}, '/tenants/undefined/members', 403],
      [{ tid: null }, '/tenants/null/members', 403],
      [{ tid: {} }, '/tenants/%5Bobject%20Object%5D/members', 403],
      [{ tid: [] }, '/tenants/~/members', 403],
    ])('%o reads %s: %i', async (claims, rest, status) => {
      expect(await statusOf({ tenant }, claims, rest)).toBe(status)
    })

    it('lets everybody read what is shared', async () => {
      expect(await statusOf({ tenant: { ...tenant, shared: ['news'] } }, {}, '/news')).toBe(200)
      expect(await statusOf({ tenant: { ...tenant, shared: ['news'] } }, {}, '/rooms/1')).toBe(403)
    })
  })

  describe('by scope', () => {
    const scopes = { tickets: 'tickets:read', members: ['members:read', 'people'], news: [] }
    it.each([
      [{ scope: 'openid tickets:read' }, '/tenants/a/tickets/1', 200],
      [{ scope: 'openid tickets:readx' }, '/tenants/a/tickets/1', 403],
      [{ scp: ['tickets:read'] }, '/tenants/a/tickets/*', 200],
      [{ scp: 'tickets:read' }, '/tenants/a/tickets/*', 200],
      [{ scope: 'members:read' }, '/tenants/a/members', 403],
      [{ scope: 'people members:read' }, '/tenants/a/members', 200],
      [{}, '/tenants/a/members', 403],
      [{}, '/news', 200],
      // Nobody said what it needs.
      [{ scope: 'rooms:read' }, '/rooms/1', 403],
    ])('%o reads %s: %i', async (claims, rest, status) => {
      expect(await statusOf({ scopes }, claims, rest)).toBe(status)
    })

    it('says which are missing', async () => {
      const served = await serveWithTokens({ keys: signer.jwk, scopes })
      const token = await signer.sign({ scope: 'people' })
      expect(await answer(served, token, '?topic=tenants/a/tickets/1&topic=tenants/a/members')).toEqual({
        status: 403,
        challenge: 'Bearer realm="millrace", error="insufficient_scope", scope="tickets:read members:read"',
      })
    })

    it('finds them in another claim', async () => {
      const given = { scopes, scopeClaim: 'permissions' }
      expect(await statusOf(given, { permissions: ['tickets:read'] }, '/tenants/a/tickets/1')).toBe(200)
      expect(await statusOf(given, { scope: 'tickets:read' }, '/tenants/a/tickets/1')).toBe(403)
    })
  })

  describe('by address', () => {
    const topics = ({ rooms }: JwtClaims) => rooms as string[]
    it.each([
      [['rooms/1', 'tenants/a/*'], '/rooms/1', 200],
      [['rooms/1'], '/rooms/2', 403],
      [['rooms/1'], '/rooms/*', 403],
      [['rooms/*'], '/rooms/*', 200],
      [['rooms/*'], '/rooms/2', 200],
      [['*/*'], '/rooms/2', 200],
      [['tenants/a/tickets/*'], '/tenants/*/tickets/*', 403],
      [[], '/news', 403],
    ])('%o reads %s: %i', async (rooms, rest, status) => {
      expect(await statusOf({ topics }, { rooms }, rest)).toBe(status)
    })
  })

  it('by all that is asked for together', async () => {
    const given: Parameters<typeof serveWithTokens>[0] = {
      tenant: { param: 'tenantId', claim: 'tid' },
      scopes: { tickets: 'tickets:read', members: [] },
      allow: (topic, claims) =>
        topic.channel === 'tickets' ? topic.params.ticket === claims.sub : topic.channel === 'members',
    }
    const claims = { tid: 'a', scope: 'tickets:read' }
    expect(await statusOf(given, claims, '/tenants/a/tickets/ann')).toBe(200)
    expect(await statusOf(given, claims, '/tenants/a/tickets/bob')).toBe(403)
    expect(await statusOf(given, { ...claims, scope: '' }, '/tenants/a/tickets/ann')).toBe(403)
    expect(await statusOf(given, { ...claims, tid: 'b' }, '/tenants/a/tickets/ann')).toBe(403)
  })
})

describe('a stream', () => {
  it('ends with its token, and goes on where it was with a fresh one', async () => {
    const served = await serveWithTokens({ keys: signer.jwk, clockTolerance: 0 })
    const { url, clock, events } = served
    const now = clock.now() / 1000
    const stream = await openStream(url('/news'), bearer(await signer.sign({ exp: now + 10 })))
    await stream.next()
    await events.publish(desk.news(), 'said', 'one')
    clock.advance(10_000)
    const blocks = await stream.rest()
    expect(blocks).toMatchObject([
      { event: 'said', id: 'e1.1' },
      { event: controlEvent.bye, data: { reason: 'expired', retryable: true } },
    ])
    await events.publish(desk.news(), 'said', 'two')
    const resume = async (exp: number) => {
      const { headers } = bearer(await signer.sign({ exp }))
      return openStream(url('/news'), { headers: { ...headers, 'last-event-id': blocks.at(-1)?.id ?? '' } })
    }
    expect((await resume(now + 10)).status).toBe(401)
    expect(await (await resume(now + 20)).take(2)).toMatchObject([
      { data: { verdict: 'resumed' } },
      { event: 'said', data: 'two' },
    ])
  })

  it('belongs to the subject of its token', async () => {
    const served = await serveWithTokens({ keys: signer.jwk, limits: { connectionsPerPrincipal: 1 } })
    const token = await signer.sign()
    const stream = await openStream(served.url('/news'), bearer(token))
    await stream.next()
    expect((await answer(served, token)).status).toBe(429)
    expect(await answer(served, await signer.sign({ sub: 'bob' }))).toEqual(open)
    const admins = served.events.revoke(({ claims }) => (claims as { sub: string }).sub === 'ann')
    expect(admins).toBe(1)
    expect(await stream.rest()).toMatchObject([{ event: controlEvent.bye, data: { reason: 'revoked' } }])
  })

  it('belongs to whom a function says', async () => {
    const served = await serveWithTokens({ keys: signer.jwk, principal: ({ sid }) => `session ${sid}` })
    const token = await signer.sign({ sid: 7 })
    await (await openStream(served.url('/news'), bearer(token))).next()
    expect(served.events.revoke({ principal: 'session 7' })).toBe(1)
  })
})

it('never tells a token, nor what is in it, to anybody', async () => {
  const secret = { name: 'Ann Onymous', email: 'ann@private.test' }
  const keys = await serveKeys(signer.jwk)
  const expired = Number(claimsOf().iat) - 100
  const tokens = [
    await signer.sign({ ...secret, scope: '' }),
    await signer.sign({ ...secret, exp: expired }),
    await signer.sign({ ...secret, aud: 'https://else.test/' }),
    await other.sign(secret),
    await signer.sign({ ...secret, iss: 'https://evil.test/' }),
    `${await signer.sign(secret)}x`,
  ]
  const served = await serveWithTokens({
    keys: keys.url,
    scopes: { news: 'news:read' },
    token: { query: 'access_token', cookie: 'access' },
  })
  const printed: unknown[] = []
  const answers: string[] = []
  for (const status of [200, 500]) {
    keys.status = status
    for (const token of tokens) {
      for (const rest of [
        '/news',
        '/nothing',
        '/rooms/x',
        '?topic=',
        '?topic=news&mode=x',
        '?topic=news;x=1',
        'x',
      ]) {
        const query = `${rest}${rest.includes('?') ? '&' : '?'}access_token=${token}`
        for (const [address, headers] of [
          [query, {}],
          [`${query}&v=1`, {}],
          [query, { accept: 'text/event-stream' }],
          [rest, { cookie: `access=${token}` }],
          [rest, { authorization: `Bearer ${token}` }],
        ] as const) {
          const stream = await openStream(served.url(address), { headers })
          await stream.ended
          answers.push(JSON.stringify(stream.headers), stream.text)
        }
      }
    }
    served.clock.advance(3_600_001)
  }
  for (const error of [...served.errors, ...served.told]) printed.push(await inspectAll(error))
  expect(served.told.length).toBeGreaterThan(0)
  const all = [...answers, ...printed].join('\n')
  expect(all).toContain('insufficient_scope')
  expect(all).toContain('cannot be had')
  for (const word of [...Object.values(secret), ...tokens.flatMap((token) => token.split('.').slice(1))]) {
    expect(all).not.toContain(word)
  }
})

async function inspectAll(error: unknown): Promise<string> {
  const { inspect } = await import('node:util')
  return inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })
}

describe('settings that cannot be', () => {
  const keys = { kty: 'EC', crv: 'P-256', x: '', y: '' }
  const secret = new Uint8Array(32)
  const wide = { allow: () => true }
  const { privateKey } = generateKeyPairSync('ed25519')

  it.each<[string, object]>([
    ['nothing says who may read what', { issuer, audience, keys }],
    ['no issuer', { issuer: '', audience, keys, ...wide }],
    ['no audience', { issuer, audience: '', keys, ...wide }],
    ['no audience at all', { issuer, keys, ...wide }],
    ['no audiences', { issuer, audience: [], keys, ...wide }],
    ['no issuers', { issuers: [], ...wide }],
    [
      'an issuer twice',
      {
        issuers: [
          { issuer, audience, keys },
          { issuer, audience, keys },
        ],
        ...wide,
      },
    ],
    ['no algorithm', { issuer, audience, keys, algorithms: [], ...wide }],
    ['none', { issuer, audience, keys, algorithms: ['none'], ...wide }],
    ['an unknown one', { issuer, audience, keys, algorithms: ['ES256', 'MD5'], ...wide }],
    ['a public key as a secret', { issuer, audience, keys, algorithms: ['ES256', 'HS256'], ...wide }],
    ['a secret without its algorithm', { issuer, audience, keys: secret, ...wide }],
    ['a secret as a public key', { issuer, audience, keys: secret, algorithms: ['HS256', 'ES256'], ...wide }],
    ['a short secret', { issuer, audience, keys: secret.subarray(1), algorithms: ['HS256'], ...wide }],
    ['a private key', { issuer, audience, keys: privateKey, ...wide }],
    ['a private JSON Web Key', { issuer, audience, keys: { ...keys, d: '' }, ...wide }],
    ['no keys', { issuer, audience, ...wide }],
    ['keys that are none', { issuer, audience, keys: {}, ...wide }],
    ['an address as text', { issuer, audience, keys: 'https://issuer.test/keys', ...wide }],
    ['an address of a file', { issuer, audience, keys: new URL('file:///etc/keys'), ...wide }],
    ['a realm that ends its quotes', { issuer, audience, keys, realm: 'a"b', ...wide }],
  ])('%s', (_, options) => {
    expect(() => jwtAuthorizer(options as JwtAuthorizerOptions)).toThrow(TypeError)
  })

  it('a tolerance that is no time', () => {
    for (const clockTolerance of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => jwtAuthorizer({ issuer, audience, keys, clockTolerance, ...wide })).toThrow(RangeError)
    }
  })
})
