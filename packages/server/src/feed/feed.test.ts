import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { fetchStream, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'

const trouble = new Error('engine down')
const padding = 'x'.repeat(500)

describe('a log that fails', () => {
  it('before a stream: it is refused for the moment, and the next one is tried anew', async () => {
    const log = troubledLog(memoryLog())
    const { url, errors } = await serve({ log })
    for (const method of ['bounds', 'tail'] as const) {
      log.fail(method, trouble)
      const refused = await openStream(url('?topic=orders/1'))
      expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '3' } })
      await refused.ended
      expect(JSON.parse(refused.text)).toMatchObject({ code: 'unavailable', status: 503 })
      // What an engine says of itself is not for everybody.
      expect(refused.text).not.toContain('engine down')
      expect(errors.splice(0)).toEqual([trouble])
      log.fail(method, undefined)
    }
    expect((await openStream(url('?topic=orders/1'))).status).toBe(200)
    expect(errors).toEqual([])
  })

  it('by its silence: it is refused for the moment, and served once the log is back', async () => {
    const log = troubledLog(memoryLog())
    const { url, clock, errors } = await serve({ log })
    const letGo = log.hold('bounds')
    const refused = openStream(url('?topic=orders/1'))
    while (log.calls.bounds === 0) await turn()
    clock.advance(8_000)
    expect(await refused).toMatchObject({ status: 503, headers: { 'retry-after': '3' } })
    expect(errors).toMatchObject([{ message: 'The log does not answer' }])
    letGo()
    expect((await openStream(url('?topic=orders/1'))).status).toBe(200)
  })

  it("before a browser's own EventSource: it is sent away with 200, or it would never come back", async () => {
    const log = troubledLog(memoryLog())
    log.fail('bounds', trouble)
    const { url } = await serve({ log })
    const headers = { accept: 'text/event-stream' }
    const stream = await openStream(url('?topic=orders/1'), { headers })
    expect(stream.status).toBe(200)
    expect(await stream.rest()).toEqual([
      { event: controlEvent.bye, id: '', data: { reason: 'failure', retryable: true } },
    ])
    expect(stream.text).toMatch(/^retry: 3000$/m)
  })

  it('in the middle of a replay: the stream says so and ends, and others go on', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { url, errors, place } = await serve({ log, limits: { ringBytes: 1 } })
    await place('1', 1, 2, 3)
    const live = await openStream(url('?topic=orders/1'))
    await live.next()
    log.fail('read', trouble)
    const replay = await openStream(url('?topic=orders/1&from=earliest'))
    expect(await replay.rest()).toMatchObject([
      { event: controlEvent.open, id: 'e1.0' },
      { event: controlEvent.bye, id: 'e1.0', data: { reason: 'failure', retryable: true } },
    ])
    expect(await replay.ended).toBeUndefined()
    expect(errors).toEqual([trouble])
    await place('1', 4)
    expect(await live.next()).toMatchObject({ id: 'e1.4' })
    // What failed for one is not kept for the next.
    log.fail('read', undefined)
    const next = await openStream(url('?topic=orders/1&from=earliest'))
    expect((await next.take(5)).at(-1)).toMatchObject({ id: 'e1.4' })
  })

  it('at a publication: that rejects with what the log said', async () => {
    const log = troubledLog(memoryLog())
    const { place, errors } = prepare({ log })
    log.fail('append', trouble)
    await expect(place('1', 1)).rejects.toBe(trouble)
    log.fail('append', undefined)
    await expect(place('1', 1)).resolves.toHaveLength(1)
    expect(errors).toEqual([])
  })

  it('beneath its tail: that is told, and the streams go on', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { events, errors, place } = prepare({ log })
    const stream = await fetchStream(events, '/events/orders/1')
    await stream.next()
    log.stumble(trouble)
    await place('1', 1)
    expect(await stream.next()).toMatchObject({ id: 'e1.1' })
    expect(errors).toEqual([trouble])
  })

  it('because it was closed: streams are refused and publications reject', async () => {
    const log = memoryLog()
    const { url, place, errors } = await serve({ log })
    await log.close()
    expect((await openStream(url('?topic=orders/1'))).status).toBe(503)
    expect(errors).toMatchObject([{ code: 'log-closed' }])
    await expect(place('1', 1)).rejects.toMatchObject({ code: 'log-closed' })
  })
})

describe('a tail that lags behind its log', () => {
  function prepareLagging() {
    const looks: (() => void)[] = []
    const memory = memoryLog({ epoch: 'e1', wake: (look) => looks.push(look) })
    const log = troubledLog(memory)
    const prepared = prepare({ log })
    const catchUp = () => {
      for (const look of looks.splice(0)) look()
    }
    return { ...prepared, memory, log, catchUp }
  }

  it('costs those who come with a newer cursor nothing: each event once', async () => {
    const { events, place, catchUp } = prepareLagging()
    const early = await fetchStream(events, '/events/orders/1')
    expect(await early.next()).toMatchObject({ id: 'e1.0' })
    const [first] = await place('1', 1, 2, 3)
    const ahead = await fetchStream(events, `/events/orders/1?last-event-id=${first}`)
    expect(await ahead.next()).toMatchObject({ id: 'e1.1', data: { verdict: 'resumed' } })
    const newest = await fetchStream(events, '/events/orders/1?last-event-id=e1.3')
    expect(await newest.next()).toMatchObject({ id: 'e1.3', data: { verdict: 'resumed' } })
    const all = await fetchStream(events, '/events/orders/1?from=earliest')
    expect(await all.next()).toMatchObject({ id: 'e1.0' })
    catchUp()
    await place('1', 4)
    catchUp()
    const ids = async (stream: typeof early, count: number) => (await stream.take(count)).map(({ id }) => id)
    expect(await ids(early, 4)).toEqual(['e1.1', 'e1.2', 'e1.3', 'e1.4'])
    expect(await ids(ahead, 3)).toEqual(['e1.2', 'e1.3', 'e1.4'])
    expect(await ids(newest, 1)).toEqual(['e1.4'])
    expect(await ids(all, 4)).toEqual(['e1.1', 'e1.2', 'e1.3', 'e1.4'])
    await turn()
    for (const stream of [early, ahead, newest, all]) expect(stream.blocks).toEqual([])
  })

  it('does not take a session back that has read the log further, nor its heartbeat', async () => {
    const { events, place, catchUp, clock } = prepareLagging()
    await place('1', 1)
    // The feed begins here, at 1.
    const live = await fetchStream(events, '/events/orders/2')
    await live.next()
    await place('1', 2, 3)
    const stream = await fetchStream(events, '/events/orders/*?from=earliest')
    expect((await stream.take(4)).at(-1)).toMatchObject({ id: 'e1.3' })
    clock.advance(15_000)
    await turn()
    expect(stream.text.endsWith('\n\n:\n')).toBe(true)
    catchUp()
    await place('2', 4)
    catchUp()
    expect(await stream.next()).toMatchObject({ id: 'e1.4' })
    expect(await live.next()).toMatchObject({ id: 'e1.4' })
  })

  it('and learns of a new epoch while a session reads it', async () => {
    const { events, place, memory, log, catchUp } = prepareLagging()
    await (await fetchStream(events, '/events/orders/1')).next()
    memory.restart('e2')
    const letGo = log.hold('read')
    const stream = await fetchStream(events, '/events/orders/1?last-event-id=e2.0')
    expect(await stream.next()).toMatchObject({ id: 'e2.0', data: { verdict: 'resumed' } })
    catchUp()
    await turn()
    letGo()
    await turn()
    await place('1', 1)
    catchUp()
    expect(await stream.next()).toMatchObject({ event: 'placed', id: 'e2.1' })
  })
})

describe('what the log is asked for', () => {
  it('is nothing, while the recent events are in memory', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { events, place } = prepare({ log })
    await (await fetchStream(events, '/events/orders/1')).next()
    await place('1', 1, 2, 3)
    const before = { ...log.calls }
    const streams = await Promise.all(
      [0, 1, 2, 3].map((offset) => fetchStream(events, `/events/orders/1?last-event-id=e1.${offset}`)),
    )
    for (const [offset, stream] of streams.entries()) {
      expect((await stream.take(4 - offset)).at(-1)?.id).toBe('e1.3')
    }
    expect(log.calls).toEqual(before)
  })

  it('is asked once for all who come back at the same time', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { events, place } = prepare({ log })
    await place('1', ...Array.from({ length: 2_500 }, (_, index) => index))
    const streams = await Promise.all(
      Array.from({ length: 50 }, () => fetchStream(events, '/events/orders/1?from=earliest&mode=poll')),
    )
    for (const stream of streams) expect(await stream.rest()).toHaveLength(2_502)
    // Three pages. Those who read at different speeds may ask for some of them again, and not fifty times.
    expect(log.calls.read).toBeLessThanOrEqual(12)
  })

  it('is asked for what the memory no longer has', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { events, place } = prepare({ log, limits: { ringBytes: 5_000 } })
    await (await fetchStream(events, '/events/orders/1')).next()
    for (let total = 1; total <= 20; total += 1) {
      await events.publish(shop.orders({ orderId: '1' }), 'placed', { total, note: padding })
    }
    const stream = await fetchStream(events, '/events/orders/1?last-event-id=e1.0')
    expect((await stream.take(21)).map(({ id }) => id)).toEqual(
      Array.from({ length: 21 }, (_, offset) => `e1.${offset}`),
    )
    expect(log.calls.read).toBe(1)
    await place('1', 21)
    expect(await stream.next()).toMatchObject({ id: 'e1.21' })
  })
})

it('keeps sharing what sessions take while it is cheap, and is right when it is not', async () => {
  const { events, place } = prepare()
  await (await fetchStream(events, '/events/orders/1')).next()
  const count = 900
  await Promise.all(Array.from({ length: count }, (_, index) => place(String(index % 30), index)))
  // Every stream wants its own choice of topics, so next to nothing can be shared.
  const choices = Array.from({ length: 60 }, (_, index) => [index % 30, (index * 7 + 3) % 30])
  const streams = await Promise.all(
    choices.map((choice) => {
      const topics = choice.map((order) => `topic=orders/${order}`).join('&')
      return fetchStream(events, `/events?${topics}&last-event-id=e1.0&mode=poll`)
    }),
  )
  for (const [index, stream] of streams.entries()) {
    const wanted = Array.from({ length: count }, (_, total) => total).filter((total) =>
      choices[index]?.includes(total % 30),
    )
    const blocks = (await stream.rest()).filter(({ event }) => event === 'placed')
    expect(blocks.map(({ data }) => (data as { total: number }).total)).toEqual(wanted)
  }
})
