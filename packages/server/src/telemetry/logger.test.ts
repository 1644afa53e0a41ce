import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import pino from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'
import { readyHandler } from '../health.ts'
import { logLines } from './log-lines.ts'
import type { Logger } from './logger.ts'

/** A logger that remembers each line as its level, its message and its members. */
function remember() {
  const lines: [level: string, message: string, members: Readonly<Record<string, unknown>>][] = []
  const write = (level: string) => (members: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push([level, message, members])
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  return { lines, logger }
}

it('pino fits, and writes what happens as JSON', async () => {
  const texts: string[] = []
  const logger: Logger = pino({ level: 'debug' }, { write: (text: string) => void texts.push(text) })
  const log = troubledLog(memoryLog({ epoch: 'e1' }))
  const { url, events } = await serve({ log, logger })
  const stream = await openStream(url('?topic=orders/1'))
  await stream.next()
  log.stumble(Object.assign(new Error('away'), { code: 'ECONNRESET' }))
  stream.leave()
  while (events.stats().connections > 0) await turn()
  await turn()
  const lines = texts.map((text) => JSON.parse(text))
  expect(lines).toMatchObject([
    { level: 20, msg: 'stream opened', verdict: 'fresh' },
    { level: 50, msg: 'log failed', operation: 'tail', count: 1 },
    { level: 20, msg: 'stream closed', reason: 'left' },
  ])
})

it('is told of errors where nobody else is', async () => {
  const { lines, logger } = remember()
  const log = troubledLog(memoryLog({ epoch: 'e1' }))
  // The fixture listens to errors by itself.
  const { events } = prepare({ log, logger, onError: undefined as never })
  log.fail('bounds', new Error('away', { cause: new Error('cable') }))
  const response = await events.fetch(new Request('http://x/events/orders/1'))
  expect(response.status).toBe(503)
  await turn()
  expect(lines.map(([level, message]) => [level, message])).toEqual([
    ['error', 'log failed'],
    ['warn', 'requests turned away'],
    ['error', 'error'],
  ])
  expect(lines[2]?.[2]).toEqual({ err: new Error('away', { cause: new Error('cable') }) })
})

describe('what comes in storms', () => {
  it('is told at once, and then once in ten seconds with how much it was', async () => {
    const { lines, logger } = remember()
    const { events, clock } = prepare({ logger, limits: { connectsPerSecond: 1, connectBurst: 1 } })
    const ask = (count: number) =>
      Promise.all(
        Array.from({ length: count }, () => events.fetch(new Request('http://x/events/orders/1?v=1'))),
      )
    const [opened] = await ask(1)
    await ask(50)
    await opened?.body?.cancel()
    await turn()
    const turnedAway = (count: number) => [
      'warn',
      'requests turned away',
      { reason: 'connectsPerSecond', count },
    ]
    const told = () => lines.filter(([, message]) => message === 'requests turned away')
    expect(told()).toEqual([turnedAway(1)])
    clock.advance(9_999)
    await turn()
    expect(told()).toEqual([turnedAway(1)])
    clock.advance(1)
    await turn()
    expect(told()).toEqual([turnedAway(1), turnedAway(49)])
    clock.advance(60_000)
    await turn()
    expect(told()).toHaveLength(2)
  })

  it('is told at the end, too', async () => {
    const { lines, logger } = remember()
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { events, clock, place } = prepare({ logger, log })
    log.fail('append', new Error('full'))
    await Promise.allSettled([place('1', 1), place('1', 2), place('1', 3)])
    const closing = events.close({ drain: 0 })
    clock.advance(0)
    await closing
    await turn()
    expect(lines).toEqual([
      ['error', 'log failed', { operation: 'append', count: 1 }],
      ['info', 'draining', { count: 0 }],
      ['info', 'drained', { cut: 0 }],
      ['error', 'log failed', { operation: 'append', count: 2 }],
    ])
    expect(clock.timers).toBe(0)
  })

  it('has a line for each of ten errors, and one for the others', async () => {
    const { lines, logger } = remember()
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { events, clock } = prepare({ logger, log, onError: undefined as never })
    await events.fetch(new Request('http://x/events/orders/1', { method: 'HEAD' }))
    for (let index = 0; index < 25; index += 1) log.stumble(new Error(`away ${index}`))
    await turn()
    clock.advance(10_000)
    await turn()
    const told = lines.filter(([, message]) => message === 'error' || message === 'more errors')
    expect(told).toHaveLength(11)
    expect(told.at(-1)).toEqual(['error', 'more errors', { count: 15 }])
  })
})

it('every line is one of the table, and tells no secret', async () => {
  const { lines, logger } = remember()
  const secret = 's3cr3t'
  const log = troubledLog(memoryLog({ epoch: 'e1' }))
  const { url, events, clock, place } = await serve({
    log,
    logger,
    // Of the options only: the fixture would take the errors.
    onError: undefined as never,
    limits: { ringBytes: 1, connectionsPerPrincipal: 3 },
    authorize: ({ request, topics }) => {
      if (request.query.get('token') === 'broken') {
        throw Object.assign(new Error('cannot ask'), { payload: secret, headers: { authorization: secret } })
      }
      if (request.query.get('token') === 'none') return { refuse: 'unauthorized' }
      return { allow: topics.length < 3, principal: secret, claims: { token: secret } }
    },
  })
  const headers = { authorization: `Bearer ${secret}`, cookie: `session=${secret}` }
  const ask = (rest: string) => openStream(url(`/orders/${secret}${rest}`), { headers })
  const ready = readyHandler(events)
  await ready(new Request('http://x/'))
  await place(secret, 1, 2, 3)
  await events.publish(shop.orders({ orderId: secret }), 'placed', { total: 1, note: secret })
  const streams = [await ask(`?token=${secret}`), await ask('?last-event-id=e1.1'), await ask('?from=e1.77')]
  for (const stream of streams) await stream.next()
  await ask('?token=broken')
  await ask('?token=none')
  await ask('')
  await ask(`?last-event-id=${secret}&v=1`)
  log.fail('bounds', new Error('away'))
  clock.advance(1_000)
  await ready(new Request('http://x/'))
  log.stumble(new Error('away'))
  log.fail('bounds', undefined)
  events.revoke({ principal: secret })
  const closing = events.close({ drain: 1_000 })
  clock.advance(10_000)
  await closing
  await turn()
  const known: Map<string, (typeof logLines)[keyof typeof logLines]> = new Map(
    Object.values(logLines).map((line) => [line.message, line]),
  )
  for (const [level, message, members] of lines) {
    expect(known.get(message)).toMatchObject({ level, members: Object.keys(members) })
    const { err, ...rest } = members
    const error = err === undefined ? {} : { ...(err as Error), stack: (err as Error).stack }
    expect(JSON.stringify({ ...rest, error })).not.toMatch(new RegExp(`${secret}|e1\\.|127\\.0`))
  }
  const told = new Set(lines.map(([, message]) => message))
  for (const message of [
    'ready',
    'not ready',
    'stream opened',
    'stream closed',
    'request refused',
    'error',
  ]) {
    expect(told).toContain(message)
  }
  expect(told).toContain('requests turned away')
  expect(told).toContain('rights revoked')
  expect(told).toContain('draining')
})

describe('a logger that throws', () => {
  it('costs nobody anything', async () => {
    const fail = vi.fn(() => {
      throw new Error('disk full')
    })
    const { url, place } = await serve({ logger: { debug: fail, info: fail, warn: fail, error: fail } })
    const stream = await openStream(url('?topic=orders/1'))
    await place('1', 1)
    await stream.take(2)
    expect(fail).toHaveBeenCalledTimes(1)
  })
})

it('a logger that is none is refused', () => {
  const logger = { info() {}, warn() {}, error() {} } as unknown as Logger
  expect(() => prepare({ logger })).toThrow(new TypeError('logger must have the method debug'))
})
