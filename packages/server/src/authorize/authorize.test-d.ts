import { memoryLog } from '@millrace/log'
import { expectTypeOf, it } from 'vitest'
import { shop } from '../fixtures/shop.fixture.ts'
import { type AskedTopic, type Authorize, createEventServer } from '../index.ts'
import { desk } from '../jwt/jwt.fixture.ts'
import { jwtAuthorizer } from '../jwt.ts'

const log = memoryLog()

it('names the channels and params of the contract', () => {
  createEventServer({
    contract: desk,
    log,
    authorize: ({ topics, request }) => {
      expectTypeOf(request.header('x')).toEqualTypeOf<string | undefined>()
      expectTypeOf(topics[0]?.channel).toEqualTypeOf<'tickets' | 'members' | 'rooms' | 'news' | undefined>()
      return {
        allow: (topic) => {
          if (topic.channel === 'rooms' && topic.kind === 'topic') {
            expectTypeOf(topic.params.room).toEqualTypeOf<`${number}`>()
          }
          if (topic.channel === 'tickets' && topic.kind === 'pattern') {
            expectTypeOf(topic.params.tenantId).toEqualTypeOf<string | undefined>()
          }
          // @ts-expect-error There is no such channel.
          if (topic.channel === 'orders') return true
          return topic.channel === 'tickets' && topic.params.tenantId === 'acme'
        },
      }
    },
  })
})

it('takes one that was made apart', () => {
  const authorize: Authorize<typeof shop> = async ({ topics }) => ({
    allow: topics.every(({ channel }) => channel === 'orders'),
    principal: 'ann',
    expires: new Date(),
  })
  createEventServer({ contract: shop, log, authorize })
  const forAny: Authorize = () => ({ refuse: 'unauthorized' })
  createEventServer({ contract: shop, log, authorize: forAny })
  expectTypeOf<AskedTopic['params']>().toExtend<Readonly<Record<string, unknown>>>()
})

it('takes no answer that says nothing', () => {
  // @ts-expect-error What is allowed?
  createEventServer({ contract: shop, log, authorize: () => ({ principal: 'ann' }) })
  // @ts-expect-error Refused how?
  createEventServer({ contract: shop, log, authorize: () => ({ refuse: 'maybe' }) })
  // @ts-expect-error A text is no yes.
  createEventServer({ contract: shop, log, authorize: () => ({ allow: 'all' }) })
})

it('makes authorizers that know the contract that they are for', () => {
  const issuer = { issuer: 'i', audience: 'a', keys: new URL('https://issuer.test/keys') }
  createEventServer({
    contract: desk,
    log,
    authorize: jwtAuthorizer({
      ...issuer,
      scopes: { tickets: 'tickets:read', news: [] },
      tenant: { param: 'tenantId', claim: 'tid', shared: ['news'] },
      allow: (topic, { sub }) => topic.channel !== 'tickets' || topic.params.ticket === sub,
    }),
  })
  createEventServer({
    contract: desk,
    log,
    // @ts-expect-error There is no such channel.
    authorize: jwtAuthorizer({ ...issuer, scopes: { orders: 'orders:read' } }),
  })
  createEventServer({
    contract: desk,
    log,
    // @ts-expect-error There is no such channel.
    authorize: jwtAuthorizer({ ...issuer, tenant: { param: 'tenantId', claim: 'tid', shared: ['orders'] } }),
  })
  // @ts-expect-error For whom are the tokens?
  jwtAuthorizer({ issuer: 'i', keys: new Uint8Array(32), allow: () => true })
  jwtAuthorizer({ issuers: [issuer], allow: () => true })
})
