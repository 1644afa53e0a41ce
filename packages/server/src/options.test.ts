import { memoryLog } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { type EventServerOptions, readOptions } from './options.ts'
import { shop } from './shop.fixture.ts'

const needed = { contract: shop, log: memoryLog() }

it('has a default for all but contract and log', () => {
  const { contract, log, clock: _clock, onError: _onError, random, ...rest } = readOptions(needed)
  expect(contract).toBe(shop)
  expect(log).toBe(needed.log)
  expect(random()).toBeLessThan(1)
  expect(rest).toEqual({
    path: '/events',
    heartbeat: 15_000,
    retry: 2_000,
    stallTimeout: 30_000,
    cors: undefined,
    limits: {
      connections: 10_000,
      topics: 100,
      requestBytes: 65_536,
      eventBytes: 131_072,
      ringBytes: 16_777_216,
    },
  })
})

it('takes some limits and keeps the others', () => {
  expect(readOptions({ ...needed, limits: { topics: 3 } }).limits).toMatchObject({
    topics: 3,
    connections: 10_000,
  })
})

describe('path', () => {
  it.each([
    ['/', ''],
    ['/events', '/events'],
    ['/a/b.c', '/a/b.c'],
  ])('%s', (path, expected) => {
    expect(readOptions({ ...needed, path }).path).toBe(expected)
  })

  it.each(['', 'events', '/events/', '//', '/a?b', '/a#b', '/a/?'])('refuses "%s"', (path) => {
    expect(() => readOptions({ ...needed, path })).toThrow(TypeError)
  })
})

it.each(['heartbeat', 'retry', 'stallTimeout'] as const)(
  'refuses a %s that is no whole number from 1',
  (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => readOptions({ ...needed, [name]: value })).toThrow(new RegExp(`^${name} must be`))
    }
  },
)

it.each(['connections', 'topics', 'requestBytes', 'eventBytes', 'ringBytes'] as const)(
  'refuses a limit on %s that is no whole number from 1',
  (name) => {
    for (const value of [0, Number.NaN]) {
      expect(() => readOptions({ ...needed, limits: { [name]: value } })).toThrow(RangeError)
    }
  },
)

it.each([
  ['contract', undefined],
  ['contract', { name: 'shop' }],
  ['log', undefined],
  ['log', {}],
])('refuses what is no %s', (name, value) => {
  const options = { ...needed, [name]: value } as EventServerOptions
  expect(() => readOptions(options)).toThrow(new RegExp(`^${name} must be`))
})

describe('onError', () => {
  it('is called once the present job is done', async () => {
    const told: unknown[] = []
    const { onError } = readOptions({ ...needed, onError: (error) => told.push(error) })
    onError('first')
    onError('second')
    expect(told).toEqual([])
    await Promise.resolve()
    expect(told).toEqual(['first', 'second'])
  })

  it('may throw, which ends nothing', async () => {
    let called = 0
    const { onError } = readOptions({
      ...needed,
      onError() {
        called += 1
        throw new Error('from onError')
      },
    })
    onError('first')
    onError('second')
    await Promise.resolve()
    // An exception that got out would fail the run.
    expect(called).toBe(2)
  })
})
