import { setImmediate as turn } from 'node:timers/promises'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { fetchStream, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'

const age = { event: controlEvent.bye, data: { reason: 'age', retryable: true } }

/** Lets time pass in steps in which sockets are heard. */
async function pass(clock: { advance(milliseconds: number): void }, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 5_000) {
    clock.advance(Math.min(left, 5_000))
    await turn()
  }
}

describe('a stream that has grown old', () => {
  it('is ended between two frames, and goes on where it was when it comes back', async () => {
    const { url, events, clock, place } = await serve({ maxAge: 100_000, random: () => 0 })
    const stream = await openStream(url('/orders/1'))
    await place('1', 1)
    await place('2', 2)
    await pass(clock, 74_000)
    expect(events.stats().connections).toBe(1)
    await pass(clock, 5_000)
    const blocks = await stream.rest()
    expect(blocks.at(-1)).toEqual({ ...age, id: 'e1.2' })
    expect(await stream.ended).toBeUndefined()
    expect(events.stats().closed).toMatchObject({ age: 1 })
    await place('1', 3)
    const back = await openStream(url('/orders/1'), { headers: { 'last-event-id': 'e1.2' } })
    expect((await back.take(2))[1]).toMatchObject({ id: 'e1.3' })
  })

  it('is so at another time than those that came with it', async () => {
    let next = 0
    const { events, clock } = prepare({ maxAge: 1_000_000, random: () => (next++ % 5) / 5 })
    const streams = await Promise.all([1, 2, 3, 4, 5].map(() => fetchStream(events, '/events/orders/1')))
    const left: number[] = []
    for (const time of [740_000, 40_000, 50_000, 50_000, 50_000, 50_000]) {
      await pass(clock, time)
      left.push(events.stats().connections)
    }
    expect(left).toEqual([5, 4, 3, 2, 1, 0])
    for (const stream of streams) expect((await stream.rest()).at(-1)).toMatchObject(age)
  })

  it('is none where there is no such age', async () => {
    const { events, clock } = prepare({
      maxAge: Number.POSITIVE_INFINITY,
      heartbeat: 4_000_000,
      stallTimeout: 4_000_000,
    })
    await fetchStream(events, '/events/orders/1')
    for (let hours = 0; hours < 100; hours += 1) {
      clock.advance(3_600_000)
      await turn()
    }
    expect(events.stats().connections).toBe(1)
  })
})
