import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { type ByeData, controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { fetchStream, openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'

const header = (id: string) => ({ headers: { 'last-event-id': id } })
const reset = (topic: string, verdict: string, id: string, at?: string) => ({
  event: controlEvent.reset,
  id,
  topic,
  ...(at && { at }),
  data: { verdict },
})
const bye = (reason: ByeData['reason']) => ({
  event: controlEvent.bye,
  data: { reason, retryable: true },
})

describe('a stream that comes back', () => {
  it('goes on where it was', async () => {
    const { url, place } = await serve()
    await place('1', 1, 2, 3)
    const stream = await openStream(url('?topic=orders/1'), header('e1.1'))
    expect((await stream.take(3)).map(({ event, id }) => [event, id])).toEqual([
      [controlEvent.open, 'e1.1'],
      ['placed', 'e1.2'],
      ['placed', 'e1.3'],
    ])
    expect(stream.text).toContain('"verdict":"resumed"')
    await place('1', 4)
    expect((await stream.next()).id).toBe('e1.4')
  })

  it('is told trimmed, and goes on from what is left', async () => {
    const { url, place, log } = await serve()
    await place('1', 1, 2, 3, 4)
    log.trim(3)
    const stream = await openStream(url('?topic=orders/1'), header('e1.1'))
    expect(await stream.next()).toMatchObject({ id: 'e1.1', data: { verdict: 'trimmed' } })
    expect(await stream.next()).toEqual(reset('orders/1', 'trimmed', 'e1.2'))
    expect((await stream.take(2)).map(({ id }) => id)).toEqual(['e1.3', 'e1.4'])
  })

  it('is told epoch, and goes on from the beginning of the new one', async () => {
    const { url, place, log } = await serve()
    await place('1', 1, 2)
    log.restart('e2')
    await place('1', 3)
    const stream = await openStream(url('?topic=orders/1'), header('e1.2'))
    expect(await stream.next()).toMatchObject({ id: 'e1.2', data: { verdict: 'epoch' } })
    expect(await stream.next()).toEqual(reset('orders/1', 'epoch', 'e2.0'))
    expect(await stream.next()).toMatchObject({ id: 'e2.1', data: { total: 3 } })
  })

  it('is told ahead, and goes on from the head', async () => {
    const { url, place } = await serve()
    await place('1', 1)
    const stream = await openStream(url('?topic=orders/1'), header('e1.9'))
    expect(await stream.next()).toMatchObject({ id: 'e1.9', data: { verdict: 'ahead' } })
    expect(await stream.next()).toEqual(reset('orders/1', 'ahead', 'e1.1'))
    await place('1', 2)
    expect(await stream.next()).toMatchObject({ id: 'e1.2', data: { total: 2 } })
  })

  it('from several places of one topic is told of the worst of them', async () => {
    const { url, place, log } = await serve()
    await place('1', 1, 2, 3)
    log.trim(2)
    const from = (start: string) => `topic=orders/1;from=${start}`
    const stream = await openStream(url(`?${from('e0.7')}&${from('e1.0')}&${from('e1.9')}`))
    expect(await stream.take(3)).toEqual([
      expect.objectContaining({ id: 'e0.7', data: expect.objectContaining({ verdict: 'trimmed' }) }),
      reset('orders/1', 'ahead', 'e1.1', 'e1.3'),
      expect.objectContaining({ id: 'e1.2' }),
    ])
  })

  it('with several topics is told of each that could not go on, once, and only the last moves the cursor', async () => {
    const { url, place, log } = await serve()
    await place('1', 1, 2, 3, 4)
    log.trim(3)
    const topics =
      '?topic=orders/1&topic=orders/2;from=e1.3&topic=orders/3;from=x&topic=orders/1;events=placed'
    const stream = await openStream(url(`${topics}&last-event-id=e1.1`))
    expect(await stream.take(5)).toEqual([
      { event: controlEvent.open, id: 'e1.1', data: { verdict: 'trimmed', heartbeat: 15_000, now: 'e1.4' } },
      reset('orders/1', 'trimmed', 'e1.1'),
      reset('orders/3', 'invalid', 'e1.2', 'e1.4'),
      expect.objectContaining({ id: 'e1.3' }),
      expect.objectContaining({ id: 'e1.4' }),
    ])
    const frames = stream.text.split('\n\n')
    expect(frames[1]).not.toContain('id:')
    expect(frames[2]).toMatch(/^id: e1\.2$/m)
  })
})

describe('in the middle of a live stream', () => {
  it('a new epoch is told to each topic, and its events follow', async () => {
    const { url, place, log } = await serve()
    await place('1', 1)
    const stream = await openStream(url('?topic=orders/1&topic=orders/2'))
    await stream.next()
    await place('1', 2)
    expect((await stream.next()).id).toBe('e1.2')
    log.restart('e2')
    await place('2', 3)
    expect(await stream.take(3)).toEqual([
      reset('orders/1', 'epoch', 'e1.2'),
      reset('orders/2', 'epoch', 'e2.0'),
      expect.objectContaining({ id: 'e2.1', data: { total: 3 } }),
    ])
    await place('1', 4)
    expect(await stream.next()).toMatchObject({ id: 'e2.2', data: { total: 4 } })
  })

  it('a new epoch without an event is told too', async () => {
    const { url, log } = await serve()
    const stream = await openStream(url('?topic=orders/1'))
    await stream.next()
    log.restart('e2')
    expect(await stream.next()).toEqual(reset('orders/1', 'epoch', 'e2.0'))
  })

  it('an epoch that ends in the same turn as a request comes is told', async () => {
    const { events, log, place } = prepare()
    await place('1', 1)
    // The feed follows already.
    const first = await fetchStream(events, '/events/orders/1?last-event-id=e1.1')
    await first.next()
    log.restart('e2')
    const second = fetchStream(events, '/events/orders/1?last-event-id=e1.1')
    const third = fetchStream(events, '/events/orders/1?from=earliest')
    await place('1', 7)
    expect(await first.takeTo('placed')).toEqual([
      reset('orders/1', 'epoch', 'e2.0'),
      expect.objectContaining({ id: 'e2.1' }),
    ])
    const told = await (await second).takeTo('placed')
    expect(told).toContainEqual(reset('orders/1', 'epoch', 'e2.0'))
    expect(told.at(-1)).toMatchObject({ id: 'e2.1' })
    expect((await (await third).takeTo('placed')).at(-1)).toMatchObject({ id: 'e2.1' })
  })

  it('a tail that was overtaken by retention is told as trimmed, to those who lost something', async () => {
    const looks: (() => void)[] = []
    const log = memoryLog({ epoch: 'e1', wake: (look) => looks.push(look) })
    const { events, place } = prepare({ log })
    await place('1', 0)
    const stream = await fetchStream(events, '/events/orders/1')
    expect(await stream.next()).toMatchObject({ id: 'e1.1' })
    await place('1', 1, 2, 3)
    // Reads the log, and so is ahead of the feed, which has not looked yet.
    const ahead = await fetchStream(events, '/events?topic=orders/1;from=earliest&topic=orders/2;from=e1.3')
    expect((await ahead.take(5)).at(-1)).toMatchObject({ id: 'e1.4' })
    await place('1', 4, 5)
    log.trim(5)
    for (const look of looks.splice(0)) look()
    expect(await stream.take(3)).toEqual([
      reset('orders/1', 'trimmed', 'e1.4'),
      expect.objectContaining({ id: 'e1.5' }),
      expect.objectContaining({ id: 'e1.6' }),
    ])
    // It had read all that is gone.
    expect(await ahead.take(2)).toEqual([
      expect.objectContaining({ event: 'placed', id: 'e1.5' }),
      expect.objectContaining({ event: 'placed', id: 'e1.6' }),
    ])
  })
})

describe('heartbeats', () => {
  it('are a bare comment when nothing moved, and a bare id when other topics moved the log', async () => {
    const { url, place, clock } = await serve({ heartbeat: 80 })
    const stream = await openStream(url('?topic=orders/1'))
    expect(await stream.next()).toMatchObject({ data: { heartbeat: 80 } })
    const opened = stream.text.length
    clock.advance(80)
    await stream.until(() => stream.text.slice(opened) === ':\n')
    await place('2', 1, 2)
    clock.advance(80)
    expect(await stream.next()).toEqual({ event: '', id: 'e1.2' })
    expect(stream.text.slice(opened)).toBe(':\nid: e1.2\n\n')
    clock.advance(80)
    await stream.until(() => stream.text.slice(opened) === ':\nid: e1.2\n\n:\n')
    // An event that was sent has told the place itself.
    await place('1', 3)
    expect(await stream.next()).toMatchObject({ id: 'e1.3' })
    const sent = stream.text.length
    clock.advance(80)
    await stream.until(() => stream.text.slice(sent) === ':\n')
  })

  it('keep the cursor of a quiet stream from growing old', async () => {
    const { url, place, clock, log } = await serve({ heartbeat: 80 })
    const stream = await openStream(url('?topic=orders/1'))
    await stream.next()
    await place('2', 1, 2, 3)
    clock.advance(80)
    const { id } = await stream.next()
    log.trim(4)
    const again = await openStream(url('?topic=orders/1'), header(id))
    expect(await again.next()).toMatchObject({ id: 'e1.3', data: { verdict: 'resumed' } })
  })

  it('are spread over the sessions, and none waits longer than was announced', async () => {
    const { events, clock } = prepare({ heartbeat: 1_000, stallTimeout: 300 })
    const began = clock.now()
    const streams = await Promise.all(
      Array.from({ length: 12 }, () => fetchStream(events, '/events/orders/1')),
    )
    for (const stream of streams) await stream.next()
    const heard = streams.map(() => [began])
    for (let step = 0; step < 300; step += 1) {
      const before = streams.map(({ text }) => text.length)
      clock.advance(10)
      await turn()
      streams.forEach((stream, index) => {
        if (stream.text.length > (before[index] ?? 0)) heard[index]?.push(clock.now())
      })
    }
    for (const times of heard) {
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
      expect(gaps.length).toBeGreaterThanOrEqual(3)
      expect(Math.max(...gaps)).toBeLessThanOrEqual(1_000)
      // Nor much more often.
      expect(Math.min(...gaps.slice(1))).toBeGreaterThanOrEqual(900)
    }
    const firstBeats = new Set(heard.map(([, first]) => first))
    expect(firstBeats.size).toBe(12)
  })

  it('run on one timer, and on none without sessions', async () => {
    const { events, clock } = prepare()
    expect(clock.timers).toBe(0)
    const streams = await Promise.all([1, 2, 3].map(() => fetchStream(events, '/events/orders/1')))
    expect(clock.timers).toBe(1)
    for (const stream of streams) stream.leave()
    expect(clock.timers).toBe(0)
    const again = await fetchStream(events, '/events/orders/1')
    expect(clock.timers).toBe(1)
    again.leave()
  })
})

describe('several events of a turn', () => {
  it('leave in one write, whose bytes the sessions share', async () => {
    const written: unknown[][] = []
    const { url, place } = await serve({
      onResponse(response) {
        const mine: unknown[] = []
        written.push(mine)
        const write = response.write.bind(response) as (chunk: unknown) => boolean
        response.write = (chunk: unknown) => {
          mine.push(chunk)
          return write(chunk)
        }
      },
    })
    const streams = [await openStream(url('?topic=orders/*')), await openStream(url('?topic=orders/*'))]
    const other = await openStream(url('?topic=orders/2'))
    for (const stream of [...streams, other]) await stream.next()
    for (const mine of written) mine.length = 0

    await Promise.all([place('1', 1, 2, 3), place('2', 4), place('1', 5)])
    for (const stream of streams) await stream.take(5)
    await other.next()
    expect(written.map((mine) => mine.length)).toEqual([1, 1, 1])
    expect(written[0]?.[0]).toBe(written[1]?.[0])
    expect(written[2]?.[0]).not.toBe(written[0]?.[0])
  })

  it('arrive as one chunk of the response', async () => {
    const { port, place } = await serve()
    const { reader, socket } = openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x')
    await reader.until(() => reader.text.includes('millrace.open'))
    const before = reader.text.length
    await place('1', ...Array.from({ length: 20 }, (_, index) => index))
    await reader.until(() => reader.text.includes('{"total":19}'))
    const sizes = reader.text.slice(before).match(/^[0-9a-f]+\r$/gm)
    expect(sizes).toHaveLength(1)
    socket.destroy()
  })
})

describe('mode=poll', () => {
  const poll = (rest: string) => `/events${rest}${rest.includes('?') ? '&' : '?'}mode=poll`

  it('ends at once with what there is', async () => {
    const { events, place } = prepare()
    await place('1', 1, 2)
    const stream = await fetchStream(events, poll('/orders/1?from=earliest'))
    expect((await stream.rest()).map(({ event, id }) => [event, id])).toEqual([
      [controlEvent.open, 'e1.0'],
      ['placed', 'e1.1'],
      ['placed', 'e1.2'],
      [controlEvent.bye, 'e1.2'],
    ])
  })

  it('waits for a first event, and ends with all of its turn', async () => {
    const { events, place } = prepare()
    const stream = await fetchStream(events, poll('/orders/1'))
    await stream.next()
    await place('2', 1)
    expect(stream.blocks).toEqual([])
    await place('1', 2, 3)
    expect(await stream.rest()).toMatchObject([{ id: 'e1.2' }, { id: 'e1.3' }, bye('poll')])
  })

  it('is answered by a reset too', async () => {
    const { events } = prepare()
    const stream = await fetchStream(events, poll('/orders/1?last-event-id=e0.5'))
    expect((await stream.rest()).slice(1)).toMatchObject([reset('orders/1', 'epoch', 'e1.0'), bye('poll')])
  })

  it('ends without an event in time, and tells where it was by then', async () => {
    const { events, clock, place } = prepare({ heartbeat: 60_000, stallTimeout: 60_000 })
    const stream = await fetchStream(events, poll('/orders/1'))
    await stream.next()
    clock.advance(24_999)
    await place('2', 1)
    await turn()
    expect(stream.blocks).toEqual([])
    clock.advance(5_001)
    expect(await stream.rest()).toMatchObject([{ event: '', id: 'e1.1' }, bye('poll')])
  })

  it('gives the whole of a long history, over a socket that is full in between', async () => {
    const { url, place } = await serve()
    const totals = Array.from({ length: 5_000 }, (_, index) => index)
    await place('1', ...totals)
    const stream = await openStream(url('?topic=orders/1&mode=poll&from=earliest'))
    const blocks = await stream.rest()
    expect(blocks.slice(1, -1).map(({ data }) => (data as { total: number }).total)).toEqual(totals)
    expect(blocks.at(-1)).toMatchObject(bye('poll'))
  })

  it('leaves no session behind, over either way', async () => {
    const { events, url, place } = await serve({ limits: { connections: 1 } })
    await place('1', 1)
    for (let again = 0; again < 5; again += 1) {
      expect((await (await fetchStream(events, poll('/orders/1?last-event-id=e1.0'))).rest()).length).toBe(3)
      expect((await (await fetchStream(events, poll('/orders/1?from=earliest'))).rest()).length).toBe(3)
      expect((await (await openStream(url('?topic=orders/1&from=earliest&mode=poll'))).rest()).length).toBe(3)
    }
  })
})

it('filters events by name, and each event comes once however many interests it fits', async () => {
  const { url, events, place } = await serve()
  const fitting = await openStream(
    url('?topic=orders/1;events=shipped&topic=orders/*;events=placed&topic=orders/1'),
  )
  await fitting.next()
  await place('1', 1)
  await events.publish(shop.orders({ orderId: '1' }), 'shipped', { carrier: 'c' })
  await events.publish(shop.orders({ orderId: '2' }), 'shipped', { carrier: 'c' })
  await place('2', 2)
  expect((await fitting.take(3)).map(({ id }) => id)).toEqual(['e1.1', 'e1.2', 'e1.4'])
})
