import { createServer } from 'node:http'
import { memoryLog } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { openStream } from '../fixtures/open-stream.fixture.ts'
import { listen, prepare, serve } from '../fixtures/serve.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'
import { liveHandler, type ReadyOptions, readyHandler } from '../health.ts'
import { toNodeHandler } from '../node.ts'

async function serveProbes() {
  const log = troubledLog(memoryLog({ epoch: 'e1' }))
  const served = await serve({ log })
  const probe = async (handle: (request: Request) => Promise<Response>) => {
    const port = await listen(createServer(toNodeHandler(handle)))
    return async () => {
      const response = await fetch(`http://127.0.0.1:${port}/`)
      return [response.status, await response.json()]
    }
  }
  const ready = await probe(readyHandler(served.events))
  const live = await probe(liveHandler())
  /** As much later as the log may be asked again. */
  const later = () => served.clock.advance(1_000)
  return { ...served, log, ready, live, later }
}

const unready = (reason: string) => [503, { ready: false, reason }]
const isReady = [200, { ready: true }]
const isLive = [200, { live: true }]

describe('a server', () => {
  it('is ready once it follows the log, which the first probe makes it do', async () => {
    const { ready, live, log } = await serveProbes()
    expect(await live()).toEqual(isLive)
    expect(await ready()).toEqual(isReady)
    expect(log.calls.tail).toBe(1)
  })

  it('is starting until it follows the log', async () => {
    const { ready, log, clock, later } = await serveProbes()
    const letGo = log.hold('bounds')
    const asked = ready()
    while (clock.timers === 0) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(800)
    expect(await asked).toEqual(unready('starting'))
    letGo()
    later()
    expect(await ready()).toEqual(isReady)
  })

  it('is not ready while the log fails, and is again when it is back', async () => {
    const { ready, live, log, later } = await serveProbes()
    log.fail('bounds', new Error('away'))
    expect(await ready()).toEqual(unready('log'))
    log.fail('bounds', undefined)
    later()
    expect(await ready()).toEqual(isReady)
    log.fail('bounds', new Error('away'))
    later()
    expect(await ready()).toEqual(unready('log'))
    expect(await live()).toEqual(isLive)
  })

  it('is not ready while the log does not answer', async () => {
    const { ready, log, clock, later } = await serveProbes()
    expect(await ready()).toEqual(isReady)
    log.hold('bounds')
    later()
    const asked = ready()
    while (clock.timers === 0) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(800)
    expect(await asked).toEqual(unready('log'))
  })

  it('asks the log once a second at most, however many look', async () => {
    const { ready, log, later } = await serveProbes()
    await Promise.all(Array.from({ length: 20 }, () => ready()))
    // One to begin with, and one to look.
    expect(log.calls.bounds).toBe(2)
    await ready()
    expect(log.calls.bounds).toBe(2)
    later()
    await ready()
    expect(log.calls.bounds).toBe(3)
  })

  it('is not ready from the beginning of a drain, and lives', async () => {
    const { events, ready, live, url, clock } = await serveProbes()
    const streams = [await openStream(url('?topic=orders/1')), await openStream(url('?topic=orders/2'))]
    expect(await ready()).toEqual(isReady)
    const closing = events.close({ drain: 5_000 })
    expect(await ready()).toEqual(unready('draining'))
    expect(await live()).toEqual(isLive)
    expect(events.stats().connections).toBeGreaterThan(0)
    clock.advance(5_000)
    for (const stream of streams) await stream.ended
    await closing
    expect(await ready()).toEqual(unready('draining'))
  })

  it('that begins to drain while the log is waited for is draining', async () => {
    const { events, log, clock } = prepareTroubled()
    const letGo = log.hold('bounds')
    const asked = readyHandler(events)(new Request('http://x/'))
    await new Promise((resolve) => setImmediate(resolve))
    const closing = events.close({ drain: 0 })
    clock.advance(0)
    letGo()
    expect(await (await asked).json()).toEqual({ ready: false, reason: 'draining' })
    await closing
  })
})

function prepareTroubled() {
  const log = troubledLog(memoryLog({ epoch: 'e1' }))
  return { ...prepare({ log }), log }
}

it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a timeout of %s', (timeout) => {
  const options: ReadyOptions = { timeout }
  expect(() => readyHandler(prepare().events, options)).toThrow(RangeError)
})
