import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../fixtures/manual-clock.fixture.ts'
import { fetchStream, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'
import { Expiries } from './expiries.ts'

const expired = { event: controlEvent.bye, data: { reason: 'expired', retryable: true } }

/** Serves streams whose rights last for as long as their query says. */
function serveForAWhile(given: Parameters<typeof serve>[0] = {}) {
  const clock = new ManualClock()
  return serve({
    clock,
    authorize: ({ request }) => ({
      allow: true,
      expires: clock.now() + Number(request.query.get('for') ?? Number.POSITIVE_INFINITY),
    }),
    ...given,
  }).then((served) => ({ ...served, clock }))
}

describe('a stream whose rights end', () => {
  it('ends with a good-bye at that time, not before, and keeps its place', async () => {
    const { url, clock, place, events } = await serveForAWhile()
    const stream = await openStream(url('/orders/1?for=5000'))
    await stream.next()
    clock.advance(4_999)
    await place('2', 1)
    clock.advance(1)
    expect((await stream.rest()).slice(-2)).toEqual([
      { event: '', id: 'e1.1' },
      { ...expired, id: 'e1.1' },
    ])
    expect(await stream.ended).toBeUndefined()
    expect(events.stats()).toMatchObject({ connections: 0, closed: { expired: 1 } })
  })

  it('takes a date', async () => {
    const clock = new ManualClock()
    const { url } = await serve({
      clock,
      authorize: () => ({ allow: true, expires: new Date(clock.now() + 1_000) }),
    })
    const stream = await openStream(url('/orders/1'))
    await stream.next()
    clock.advance(1_000)
    expect(await stream.rest()).toMatchObject([expired])
  })

  it('is cut a moment later where its socket takes nothing', async () => {
    const clock = new ManualClock()
    const { events } = prepare({ clock, authorize: () => ({ allow: true, expires: clock.now() + 1_000 }) })
    const stream = await fetchStream(events, '/events/orders/1')
    await stream.next()
    stream.pause()
    for (let total = 0; total < 10; total += 1) {
      await events.publish(shop.orders({ orderId: '1' }), 'placed', { total, note: 'x'.repeat(50_000) })
    }
    clock.advance(1_000)
    expect(events.stats().connections).toBe(1)
    clock.advance(1_000)
    expect(events.stats()).toMatchObject({ connections: 0, closed: { expired: 1 } })
  })

  it('was never opened where they had ended before', async () => {
    const { url } = await serveForAWhile()
    const stream = await openStream(url('/orders/1?for=0'))
    expect(stream).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
  })

  it('gets no event where they end while it is opened', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { url, clock, place } = await serveForAWhile({ log })
    await place('1', 1)
    const letGo = log.hold('bounds')
    const opening = openStream(url('/orders/1?from=earliest&for=1000'))
    while (log.calls.bounds === 0) await turn()
    clock.advance(1_000)
    letGo()
    const stream = await opening
    expect(await stream.rest()).toEqual([{ ...expired, id: 'e1.0' }])
  })

  it('needs one timer, however many there are, and none once they are gone', async () => {
    const { url, clock } = await serveForAWhile()
    const forever = await openStream(url('/orders/1'))
    await forever.next()
    const before = clock.timers
    const streams = await Promise.all(
      Array.from({ length: 20 }, (_, index) => openStream(url(`/orders/1?for=${(20 - index) * 1_000}`))),
    )
    await Promise.all(streams.map((stream) => stream.next()))
    expect(clock.timers).toBe(before + 1)
    for (const stream of streams.toReversed()) {
      clock.advance(1_000)
      expect(await stream.rest()).toMatchObject([expired])
    }
    clock.advance(1_000)
    expect(clock.timers).toBe(before)
  })
})

it('holds nothing of streams that left before', async () => {
  const { url, clock, events } = await serveForAWhile()
  const before = clock.timers
  const streams = [await openStream(url('/orders/1?for=5000')), await openStream(url('/orders/1?for=5000'))]
  for (const stream of streams) {
    await stream.next()
    stream.leave()
  }
  while (events.stats().connections > 0) await turn()
  expect(clock.timers).toBe(before)
})

describe('the timer', () => {
  function expiries() {
    const clock = new ManualClock()
    const told: string[] = []
    return {
      clock,
      told,
      start: clock.now(),
      waiting: new Expiries<string>(clock, (names) => told.push(...names)),
    }
  }

  it('never runs longer than a minute at a time', () => {
    const { clock, told, start, waiting } = expiries()
    const month = 31 * 24 * 3_600_000
    waiting.add('a', start + month)
    clock.advance(month - 1)
    expect(told).toEqual([])
    clock.advance(1)
    expect(told).toEqual(['a'])
    expect(clock.timers).toBe(0)
  })

  it('goes on to the next, whatever comes and goes in between', () => {
    const { clock, told, start, waiting } = expiries()
    waiting.add('late', start + 5_000)
    waiting.add('early', start + 1_000)
    waiting.add('gone', start + 500)
    waiting.add('last', start + 9_000)
    waiting.add('never', Number.POSITIVE_INFINITY)
    waiting.remove('gone', start + 500)
    clock.advance(1_000)
    expect(told).toEqual(['early'])
    waiting.add('next', start + 3_000)
    clock.advance(2_000)
    expect(told).toEqual(['early', 'next'])
    waiting.remove('late', start + 5_000)
    waiting.remove('last', start + 9_000)
    expect(clock.timers).toBe(0)
  })
})
