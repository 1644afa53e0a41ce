import { memoryLog } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { shop } from './fixtures/shop.fixture.ts'
import { type EventServerOptions, readOptions } from './options.ts'

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
    maxAge: 3_600_000,
    snapshotTimeout: 5_000,
    cors: undefined,
    authorize: undefined,
    trustProxy: 0,
    limits: {
      connections: 10_000,
      connectionsPerPrincipal: 100,
      connectionsPerAddress: Number.POSITIVE_INFINITY,
      connectsPerSecond: 1_000,
      connectBurst: 10_000,
      topics: 100,
      requestBytes: 65_536,
      cursorBytes: 256,
      replayRecords: Number.POSITIVE_INFINITY,
      eventBytes: 131_072,
      snapshotBytes: 1_048_576,
      ringBytes: 16_777_216,
      bufferedBytes: 268_435_456,
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

it.each(['heartbeat', 'retry', 'stallTimeout', 'snapshotTimeout'] as const)(
  'refuses a %s that is no whole number from 1',
  (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => readOptions({ ...needed, [name]: value })).toThrow(new RegExp(`^${name} must be`))
    }
  },
)

it.each([
  'connections',
  'connectionsPerPrincipal',
  'connectionsPerAddress',
  'connectsPerSecond',
  'connectBurst',
  'topics',
  'requestBytes',
  'cursorBytes',
  'replayRecords',
  'eventBytes',
  'ringBytes',
  'bufferedBytes',
] as const)('refuses a limit on %s that is no whole number from 1', (name) => {
  for (const value of [0, Number.NaN]) {
    expect(() => readOptions({ ...needed, limits: { [name]: value } })).toThrow(RangeError)
  }
})

it('lets some limits be infinite, and no others', () => {
  const endless = Number.POSITIVE_INFINITY
  for (const name of [
    'connectionsPerPrincipal',
    'connectionsPerAddress',
    'connectsPerSecond',
    'replayRecords',
  ]) {
    expect(readOptions({ ...needed, limits: { [name]: endless } }).limits).toMatchObject({ [name]: endless })
  }
  for (const name of [
    'connections',
    'topics',
    'requestBytes',
    'cursorBytes',
    'eventBytes',
    'bufferedBytes',
  ]) {
    expect(() => readOptions({ ...needed, limits: { [name]: endless } })).toThrow(RangeError)
  }
})

it('lets as many come at once as there are connections', () => {
  expect(readOptions({ ...needed, limits: { connections: 50_000 } }).limits.connectBurst).toBe(50_000)
})

it.each([
  ['authorize', true],
  ['trustProxy', -1],
  ['trustProxy', 1.5],
  ['trustProxy', true],
])('refuses %s: %s', (name, value) => {
  expect(() => readOptions({ ...needed, [name]: value } as EventServerOptions)).toThrow(TypeError)
})

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

it('takes a maxAge without end, but none that is no number', () => {
  expect(readOptions({ ...needed, maxAge: Number.POSITIVE_INFINITY }).maxAge).toBe(Number.POSITIVE_INFINITY)
  for (const maxAge of [0, 0.5, Number.NaN]) {
    expect(() => readOptions({ ...needed, maxAge })).toThrow(/^maxAge must be/)
  }
})
