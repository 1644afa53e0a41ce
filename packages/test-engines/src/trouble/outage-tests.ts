import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { soon, type TroubleStage } from './trouble-stage.ts'

/** How long an engine stands still, and within which time that has to be noticed, in milliseconds. */
const frozenFor = 8_000
const noticedWithin = 7_000

/** An engine that is gone, or stands still. */
export function outageTests(stage: TroubleStage): void {
  it('killed: publishing is refused at once and names no secret, streams stay open, and all heals by itself', async () => {
    const log = stage.open(stage.newName())
    const { say, follow, isReady } = stage.serve(log)
    const stream = await follow()
    await stream.count(1)
    await say(1)
    await stream.until('1')
    expect(await isReady()).toBe(true)
    await stage.harness.server().kill()
    try {
      // Of a connection that broke; then of one that cannot be made.
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const error = await before(4_000, refusalOf(say(2)))
        expect(error).toMatchObject({ problem: 'unavailable', engine: stage.harness.engine })
        expect(error.message).not.toMatch(stage.harness.secrets)
      }
      await vi.waitFor(() => expect(log.health.up).toBe(false), soon)
      expect(`${log.health.error}`).not.toMatch(stage.harness.secrets)
      await vi.waitFor(async () => expect(await isReady()).toBe(false), soon)
    } finally {
      await stage.harness.server().start()
    }
    await vi.waitFor(() => say(2), soon)
    // A connection of before may break only now, and what is asked on it is refused.
    await vi.waitFor(() => say(3), soon)
    expect(await stream.until('3')).toEqual(['open fresh', '1', '2', '3'])
    expect(stream.ended).toBe(false)
    await vi.waitFor(async () => expect(await isReady()).toBe(true), soon)
    await vi.waitFor(() => expect(log.health).toMatchObject({ up: true, lag: 0 }), soon)
  })

  it('frozen for 8 s: that is noticed within 7, streams stay open, and nothing is lost or doubled', async () => {
    const log = stage.open(stage.newName())
    const { say, follow, isReady } = stage.serve(log)
    const stream = await follow()
    await stream.count(1)
    await say(1)
    await stream.until('1')
    stage.harness.server().freeze()
    const over = sleep(frozenFor)
    try {
      expect(await before(noticedWithin, refusalOf(say(2)))).toMatchObject({
        // The latter where another call on the same connection was the first to notice.
        problem: expect.stringMatching(/^(timeout|unavailable)$/),
        engine: stage.harness.engine,
      })
      expect(log.health.up).toBe(false)
      expect(await isReady()).toBe(false)
      await over
    } finally {
      stage.harness.server().thaw()
    }
    await vi.waitFor(() => say(2), soon)
    // A connection of before may break only now, and what is asked on it is refused.
    await vi.waitFor(() => say(3), soon)
    expect(await stream.until('3')).toEqual(['open fresh', '1', '2', '3'])
    expect(stream.ended).toBe(false)
    // What the frozen engine found when it went on is of no consequence.
    const { records } = await log.read(0, 10)
    expect(records.map(({ data }) => JSON.parse(data).number)).toEqual([1, 2, 3])
  })
}

/** What a call is refused with. */
function refusalOf(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => expect.unreachable(),
    (error) => error,
  )
}

// Two timers of one process go off in their order, however little of the processor it gets.
async function before<Value>(time: number, promise: Promise<Value>): Promise<Value> {
  const timer = new AbortController()
  const late = sleep(time, undefined, { signal: timer.signal }).then(() =>
    expect.unreachable(`it took ${time} ms`),
  )
  late.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } finally {
    timer.abort()
  }
}
