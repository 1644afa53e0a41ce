import { setImmediate as turn } from 'node:timers/promises'
import { DataError } from '@millrace/contract'
import { describe, expect, it } from 'vitest'
import { PublishError } from '../errors.ts'
import { fetchStream, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import type { SourceRequest } from './sources.ts'

type Tick = { readonly name: 'tick'; readonly data: number }

/** A source that a test feeds by hand, and what became of each of its runs. */
function fed() {
  const runs: {
    readonly request: SourceRequest<{ readonly symbol: string }>
    readonly push: (data: number) => void
    readonly fail: (error: unknown) => void
    readonly finish: () => void
    over: boolean
  }[] = []
  async function* source(request: SourceRequest<{ readonly symbol: string }>): AsyncGenerator<Tick> {
    let wake: (next: () => Tick | undefined) => void = () => {}
    const queue: (() => Tick | undefined)[] = []
    const give = (next: () => Tick | undefined) => {
      queue.push(next)
      wake(next)
    }
    const run = {
      request,
      push: (data: number) => give(() => ({ name: 'tick', data })),
      fail: (error: unknown) =>
        give(() => {
          throw error
        }),
      finish: () => give(() => undefined),
      over: false,
    }
    runs.push(run)
    request.signal.addEventListener('abort', () => give(() => undefined))
    try {
      while (true) {
        if (queue.length === 0) await new Promise((resolve) => (wake = resolve))
        const event = queue.shift()?.()
        if (event === undefined) return
        yield event
      }
    } finally {
      run.over = true
    }
  }
  async function run(index: number) {
    while (runs[index] === undefined) await turn()
    return runs[index] as (typeof runs)[number]
  }
  return { source, runs, run }
}

const settle = async () => {
  for (let turns = 0; turns < 5; turns += 1) await turn()
}

describe('a source', () => {
  it('runs once while its topic has subscribers, and what it yields is published', async () => {
    const { url, events, clock, errors } = await serve()
    const { source, runs, run } = fed()
    events.source(shop.prices, source)
    expect(runs).toEqual([])
    expect(events.stats().sources).toBe(0)
    const streams = [await openStream(url('/prices/a')), await fetchStream(events, '/events/prices/a')]
    for (const stream of streams) await stream.next()
    const { request, push } = await run(0)
    expect(request).toMatchObject({ params: { symbol: 'a' }, address: 'prices/a' })
    push(1)
    push(2)
    for (const stream of streams) {
      expect(await stream.take(2)).toMatchObject([
        { id: 'e1.1', topic: 'prices/a', event: 'tick', data: 1 },
        { id: 'e1.2', data: 2 },
      ])
    }
    streams[0]?.leave()
    while (events.stats().connections > 1) await turn()
    clock.advance(10_000)
    expect(request.signal.aborted).toBe(false)
    streams[1]?.leave()
    while (events.stats().connections > 0) await turn()
    clock.advance(4_999)
    expect(request.signal.aborted).toBe(false)
    expect(events.stats().sources).toBe(1)
    clock.advance(1)
    await settle()
    expect(events.stats().sources).toBe(0)
    expect(runs).toMatchObject([{ over: true, request: { signal: { aborted: true } } }])
    expect(errors).toEqual([])
    expect(clock.timers).toBe(0)
  })

  it('goes on when somebody comes back within its grace, and begins anew after it', async () => {
    const { events, clock } = prepare()
    const { source, runs, run } = fed()
    events.source(shop.prices, source, { grace: 1_000 })
    const first = await fetchStream(events, '/events/prices/a')
    const { request } = await run(0)
    first.leave()
    clock.advance(999)
    const second = await fetchStream(events, '/events/prices/a')
    clock.advance(10_000)
    expect(request.signal.aborted).toBe(false)
    second.leave()
    clock.advance(1_000)
    await settle()
    expect(runs[0]?.over).toBe(true)
    const third = await fetchStream(events, '/events/prices/a')
    ;(await run(1)).push(7)
    expect((await third.takeTo('tick')).at(-1)).toMatchObject({ data: 7 })
    expect(runs).toHaveLength(2)
  })

  it('is each topic its own, and a pattern wakes none', async () => {
    const { events } = prepare()
    const { source, runs, run } = fed()
    events.source(shop.prices, source)
    const pattern = await fetchStream(events, '/events/prices/*')
    await pattern.next()
    await settle()
    expect(runs).toEqual([])
    await fetchStream(events, '/events?topic=prices/a&topic=prices/b&topic=orders/1')
    ;(await run(0)).push(1)
    ;(await run(1)).push(2)
    expect((await pattern.take(2)).map(({ topic, data }) => [topic, data])).toEqual([
      ['prices/a', 1],
      ['prices/b', 2],
    ])
    expect(runs).toHaveLength(2)
  })

  it('that comes late finds who is there', async () => {
    const { events } = prepare()
    const stream = await fetchStream(events, '/events/prices/a')
    await stream.next()
    const { source, run } = fed()
    events.source(shop.prices, source)
    ;(await run(0)).push(1)
    expect(await stream.next()).toMatchObject({ data: 1 })
  })

  it('that fails is told, and begun again, later each time', async () => {
    const { events, clock, errors } = prepare({ random: () => 0 })
    const { source, runs, run } = fed()
    events.source(shop.prices, source)
    const stream = await fetchStream(events, '/events/prices/a')
    await stream.next()
    for (const [index, wait] of [500, 1_000, 2_000].entries()) {
      ;(await run(index)).fail(new Error(`broken ${index}`))
      await settle()
      expect(errors).toHaveLength(index + 1)
      clock.advance(wait - 1)
      await settle()
      expect(runs).toHaveLength(index + 1)
      expect(events.stats().sources).toBe(1)
      clock.advance(1)
      await settle()
    }
    ;(await run(3)).push(4)
    expect(await stream.next()).toMatchObject({ data: 4 })
    expect(errors).toEqual([0, 1, 2].map((index) => new Error(`broken ${index}`)))
    // What failed after a long time has not failed again.
    clock.advance(30_001)
    runs[3]?.fail(new Error('broken 3'))
    await settle()
    clock.advance(500)
    await settle()
    expect(runs).toHaveLength(5)
  })

  it('that waits to begin again is not begun when nobody is left', async () => {
    const { events, clock } = prepare()
    const { source, runs, run } = fed()
    events.source(shop.prices, source, { grace: 0 })
    const stream = await fetchStream(events, '/events/prices/a')
    ;(await run(0)).fail(new Error('broken'))
    await settle()
    stream.leave()
    clock.advance(60_000)
    await settle()
    expect(runs).toHaveLength(1)
    expect(clock.timers).toBe(0)
  })

  const wrong: readonly (readonly [string, unknown, unknown])[] = [
    [
      'throws',
      () => {
        throw new Error('at once')
      },
      new Error('at once'),
    ],
    ['is not to be iterated over', () => 5, expect.any(TypeError)],
    [
      'yields nothing',
      async function* () {
        yield undefined
      },
      expect.any(PublishError),
    ],
    [
      'yields what does not fit',
      async function* () {
        yield { name: 'tick', data: 'x' }
      },
      expect.any(DataError),
    ],
    [
      'yields an event that is none',
      async function* () {
        yield { name: 'gone', data: 1 }
      },
      expect.any(PublishError),
    ],
  ]
  it.each(wrong)('that %s is told', async (_, source, error) => {
    const { events, errors, clock, place } = prepare()
    ;(events.source as (...given: unknown[]) => void)(shop.prices, source)
    const stream = await fetchStream(events, '/events?topic=prices/a&topic=orders/1')
    await settle()
    expect(errors).toEqual([error])
    clock.advance(1_000)
    await settle()
    expect(errors).toEqual([error, error])
    await place('1', 1)
    expect((await stream.take(2))[1]).toMatchObject({ data: { total: 1 } })
  })

  it('that has said all is left alone until somebody comes anew', async () => {
    const { events, clock, errors } = prepare()
    const { source, runs, run } = fed()
    events.source(shop.prices, source, { grace: 10 })
    const stream = await fetchStream(events, '/events/prices/a')
    ;(await run(0)).finish()
    await settle()
    clock.advance(60_000)
    expect(runs).toMatchObject([{ over: true }])
    stream.leave()
    await settle()
    await fetchStream(events, '/events/prices/a')
    await run(1)
    expect(errors).toEqual([])
  })

  it('that ends its topic is not begun for it again', async () => {
    const { events, errors } = prepare()
    const topic = shop.prices({ symbol: 'a' })
    let begun = 0
    events.source(shop.prices, async function* () {
      begun += 1
      yield { name: 'tick', data: 1 }
      await events.end(topic)
    })
    const stream = await fetchStream(events, '/events/prices/a')
    expect((await stream.rest()).slice(1)).toMatchObject([
      { data: 1 },
      { event: 'millrace.end' },
      { data: { reason: 'end' } },
    ])
    expect((await fetchStream(events, '/events/prices/a')).status).toBe(204)
    await fetchStream(events, '/events/prices/a?from=earliest')
    await settle()
    expect(begun).toBe(1)
    expect(errors).toEqual([])
  })

  it('that does not stop is waited for a while, and then heard no more', async () => {
    const { events, clock, errors } = prepare()
    const gates: ((data: number) => void)[] = []
    events.source(
      shop.prices,
      async function* () {
        while (true) yield { name: 'tick', data: await new Promise<number>((resolve) => gates.push(resolve)) }
      },
      { grace: 0 },
    )
    const first = await fetchStream(events, '/events/prices/a')
    await settle()
    first.leave()
    clock.advance(0)
    const second = await fetchStream(events, '/events/prices/a')
    await settle()
    expect(gates).toHaveLength(1)
    clock.advance(5_000)
    await settle()
    expect(errors).toMatchObject([{ message: expect.stringContaining('"prices/a" does not stop') }])
    expect(gates).toHaveLength(2)
    gates[0]?.(1)
    gates[1]?.(2)
    expect((await second.take(2))[1]).toMatchObject({ id: 'e1.1', data: 2 })
  })

  it('stops when the server is closed, at once', async () => {
    const { events, clock } = prepare()
    const { source, runs, run } = fed()
    events.source(shop.prices, source)
    const streams = await Promise.all([1, 2].map(() => fetchStream(events, '/events/prices/a')))
    await run(0)
    const closing = events.close()
    expect(runs[0]?.request.signal.aborted).toBe(true)
    clock.advance(4_000)
    await closing
    for (const stream of streams) await stream.ended
    expect(clock.timers).toBe(0)
    expect(runs).toHaveLength(1)
  })
})

it('a channel has one source, of its own contract, with a grace that can be', () => {
  const { events } = prepare()
  const add = events.source as (...given: unknown[]) => void
  const { source } = fed()
  expect(() => add(shop.prices, source, { grace: -1 })).toThrow(RangeError)
  expect(() => add(shop.prices, 'x')).toThrow(TypeError)
  expect(() => add('prices', source)).toThrow(TypeError)
  events.source(shop.prices, source)
  expect(() => events.source(shop.prices, source)).toThrow(/has a source already/)
})
