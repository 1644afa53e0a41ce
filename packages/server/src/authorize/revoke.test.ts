import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { fetchStream, openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'
import type { AuthorizeAnswer } from './authorization.ts'
import { Revocations } from './revocations.ts'
import type { RevokeFilter } from './revoke-filter.ts'

const revoked = { event: controlEvent.bye, data: { reason: 'revoked', retryable: true } }

/** Serves streams to whoever a header names. */
const serveUsers = (given: Parameters<typeof serve>[0] = {}) =>
  serve({
    authorize: ({ request }) => {
      const user = request.header('x-user')
      return { allow: true, principal: user, claims: { role: user === 'ann' ? 'admin' : 'member' } }
    },
    ...given,
  })
const as = (user: string) => ({ headers: { 'x-user': user } })

describe('revoke', () => {
  const streams = {
    ann1: ['ann', '/orders/1'],
    ann2: ['ann', '/orders/2'],
    bob1: ['bob', '/orders/1'],
    bobAll: ['bob', '/orders/*'],
    bobShop: ['bob', '?topic=anything&topic=stock/x/abc'],
  } as const
  const all = Object.keys(streams)

  it.each<[string, RevokeFilter, string[]]>([
    ['a principal', { principal: 'ann' }, ['ann1', 'ann2']],
    [
      'a topic, and the patterns that it belongs to',
      { topic: shop.orders({ orderId: '1' }) },
      ['ann1', 'bob1', 'bobAll'],
    ],
    ['a pattern', { topic: shop.orders() }, ['ann1', 'ann2', 'bob1', 'bobAll']],
    ['a topic as text', { topic: 'orders/%32' }, ['ann2', 'bobAll']],
    ['a pattern as text', { topic: 'stock/*/abc' }, ['bobShop']],
    ['a topic of a principal', { principal: 'bob', topic: 'orders/1' }, ['bob1', 'bobAll']],
    ['what a function says', ({ claims }) => (claims as { role: string }).role === 'admin', ['ann1', 'ann2']],
    ['what a function says of topics', ({ topics }) => topics.length > 1, ['bobShop']],
    ['nobody', { principal: 'eve' }, []],
  ])('ends the streams of %s, and no other', async (_, filter, expected) => {
    const { url, events } = await serveUsers()
    const open = new Map(
      await Promise.all(
        Object.entries(streams).map(async ([name, [user, rest]]) => {
          const stream = await openStream(url(rest), as(user))
          await stream.next()
          return [name, stream] as const
        }),
      ),
    )
    expect(events.revoke(filter)).toBe(expected.length)
    for (const name of expected) expect(await open.get(name)?.rest()).toMatchObject([revoked])
    const { connections, closed } = events.stats()
    expect({ connections, revoked: closed.revoked }).toEqual({
      connections: all.length - expected.length,
      revoked: expected.length,
    })
  })

  it('keeps the place, so that nothing is lost for whoever may come back', async () => {
    const { url, events, place } = await serveUsers()
    const stream = await openStream(url('/orders/1'), as('ann'))
    await stream.next()
    await place('1', 1)
    await place('2', 1)
    events.revoke({ principal: 'ann' })
    const blocks = await stream.rest()
    expect(blocks.at(-1)).toEqual({ ...revoked, id: 'e1.2' })
  })

  it('cuts within a second, by the clock on the wall, whoever takes nothing', async () => {
    const { port, events } = await serveUsers({ clock: systemClock })
    const { socket, reader } = openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x', 'X-User: ann')
    await reader.until(() => reader.text.includes('millrace.open'))
    socket.pause()
    const note = 'x'.repeat(100_000)
    while (events.stats().bufferedBytes < 64_000) {
      await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: 1, note })
      await turn()
    }
    const begun = performance.now()
    events.revoke({ principal: 'ann' })
    while (events.stats().connections > 0) await turn()
    expect(performance.now() - begun).toBeLessThan(1_000)
    socket.destroy()
  })

  it('is not kept from the others by a response that throws', async () => {
    let first = true
    const { url, events, errors, clock } = await serveUsers({
      onResponse(response) {
        if (first) {
          response.end = () => {
            throw new Error('from the response')
          }
        }
        first = false
      },
    })
    const streams = [
      await openStream(url('/orders/1'), as('ann')),
      await openStream(url('/orders/1'), as('ann')),
    ]
    for (const stream of streams) await stream.next()
    expect(events.revoke({ principal: 'ann' })).toBe(2)
    expect(await streams[1]?.rest()).toMatchObject([revoked])
    clock.advance(1_000)
    expect(await streams[0]?.rest()).toMatchObject([revoked])
    expect(errors).toMatchObject([{ message: 'from the response' }])
    while (events.stats().connections > 0) await turn()
  })

  it('is heard while authorize is still being asked', async () => {
    const answers: ((answer: AuthorizeAnswer) => void)[] = []
    const { url, events, place } = await serve({
      authorize: () => new Promise((resolve) => answers.push(resolve)),
    })
    await place('1', 1)
    const opening = openStream(url('/orders/1?from=earliest'))
    while (answers.length === 0) await turn()
    expect(events.revoke({ principal: 'ann' })).toBe(0)
    answers[0]?.({ allow: true, principal: 'ann' })
    expect(await (await opening).rest()).toEqual([{ ...revoked, id: 'e1.0' }])
    // Whoever asks afterwards is asked about anew.
    const again = openStream(url('/orders/1?from=earliest'))
    while (answers.length === 1) await turn()
    answers[1]?.({ allow: true, principal: 'ann' })
    expect(await (await again).take(2)).toMatchObject([{ event: controlEvent.open }, { event: 'placed' }])
  })

  it('is heard while the log is still being asked', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { url, events, place } = await serveUsers({ log })
    await place('1', 1)
    const letGo = log.hold('bounds')
    const [ann, bob] = ['ann', 'bob'].map((user) => openStream(url('/orders/1?from=earliest'), as(user)))
    while (log.calls.bounds === 0) await turn()
    await turn()
    events.revoke({ principal: 'ann' })
    letGo()
    expect(await (await ann)?.rest()).toEqual([{ ...revoked, id: 'e1.0' }])
    expect(await (await bob)?.take(2)).toMatchObject([{ event: controlEvent.open }, { event: 'placed' }])
    expect(events.stats().connections).toBe(1)
  })

  it('ends streams of the fetch handler, too', async () => {
    const { events } = prepare({ authorize: () => ({ allow: true, principal: 'ann' }) })
    const stream = await fetchStream(events, '/events/orders/1')
    await stream.next()
    events.revoke({ principal: 'ann' })
    expect(await stream.rest()).toMatchObject([revoked])
  })

  // Where nothing else depends on an address, it is looked up for this alone.
  it.each([
    ['on a socket that was taken', {}, '192.0.2.9', '127.0.0.1'],
    ['on a response', { takeSockets: false }, '192.0.2.9', '127.0.0.1'],
    ['behind a proxy', { trustProxy: 1 }, '192.0.2.9', '192.0.2.9'],
    ['behind a proxy that hides it', { trustProxy: 1 }, '_hidden', undefined],
  ])('tells a function the address, %s', async (_, given, forwarded, address) => {
    const { url, events } = await serve(given)
    await (await openStream(url('/orders/1'), { headers: { 'x-forwarded-for': forwarded } })).next()
    const told: unknown[] = []
    events.revoke((session) => {
      told.push(session.address)
      return false
    })
    expect(told).toEqual([address])
  })

  it.each<[string, unknown]>([
    ['means nothing', {}],
    ['is none', undefined],
    ['names a topic that the contract does not have', { topic: 'nothing/1' }],
  ])('refuses a filter that %s', async (_, filter) => {
    const { events } = prepare()
    expect(() => events.revoke(filter as RevokeFilter)).toThrow(TypeError)
  })

  it('revokes nothing where a function throws', async () => {
    const { url, events } = await serveUsers()
    await (await openStream(url('/orders/1'), as('ann'))).next()
    await (await openStream(url('/orders/1'), as('bob'))).next()
    const filter: RevokeFilter = ({ principal }) => {
      if (principal === 'bob') throw new Error('from the filter')
      return true
    }
    expect(() => events.revoke(filter)).toThrow('from the filter')
    expect(events.stats().connections).toBe(2)
  })
})

describe('what was revoked of late', () => {
  const ann = { description: { principal: 'ann', claims: undefined, address: undefined, topics: [] } }

  it('concerns who began before it', () => {
    const revocations = new Revocations(systemClock)
    const { mark } = revocations
    revocations.add(({ principal }) => principal === 'bob')
    expect(revocations.concern(ann, mark)).toBe(false)
    revocations.add(({ principal }) => principal === 'ann')
    expect(revocations.concern(ann, mark)).toBe(true)
    expect(revocations.concern(ann, revocations.mark)).toBe(false)
  })

  it('concerns everybody once it is forgotten, and where a function throws', () => {
    const revocations = new Revocations(systemClock)
    const { mark } = revocations
    for (let count = 0; count < 1_001; count += 1) revocations.add(() => false)
    expect(revocations.concern(ann, mark)).toBe(true)
    expect(revocations.concern(ann, mark + 1)).toBe(false)
    const later = revocations.mark
    revocations.add(() => {
      throw new Error('from the filter')
    })
    expect(revocations.concern(ann, later)).toBe(true)
  })
})
