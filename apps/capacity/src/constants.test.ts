import { readFileSync } from 'node:fs'
import { memoryLog, shards } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { expect, test } from 'vitest'
import { createBackoff } from '../../../packages/client/src/backoff.ts'
import { readLinkOptions as readClientOptions } from '../../../packages/client/src/options.ts'
import { readOptions } from '../../../packages/server/src/options.ts'
import { readBenchmarks } from './benchmark-results.ts'
import { defaults, idBytes, placeBytes, readConstants, ringEntryBytes } from './constants.ts'
import { customersOf, event, eventBytes, shop } from './measure/shop.ts'
import { retryAfterOf, waitOf } from './simulation/storm.ts'

test('what the model takes for defaults are those of the server', () => {
  const { limits, heartbeat, maxAge, retry } = readOptions({ contract: shop, log: memoryLog() })
  expect(defaults).toMatchObject({
    connectionsPerNode: limits.connections,
    connectsPerSecond: limits.connectsPerSecond,
    connectBurst: limits.connectBurst,
    ringBytes: limits.ringBytes,
    heartbeat: heartbeat / 1_000,
    maxAge: maxAge / 1_000,
    retry: retry / 1_000,
  })
})

test('and those of the client', () => {
  const { connectTimeout } = readClientOptions({ url: 'http://localhost/events' })
  expect(defaults.connectTimeout).toBe(connectTimeout / 1_000)
})

test('a simulated client waits as the client does', () => {
  for (const random of [0, 0.01, 0.5, 0.999]) {
    const backoff = createBackoff({}, () => random)
    backoff.propose(defaults.retry * 1_000)
    for (let failures = 0; failures < 8; failures += 1) {
      expect(1_000 * waitOf(failures, defaults.retry, random)).toBeCloseTo(backoff.next())
    }
  }
})

test('a simulated refusal asks for as long as the server does', async () => {
  for (const random of [0, 0.3, 0.999]) {
    const limits = { connectsPerSecond: 1, connectBurst: 1 }
    const events = createEventServer({ contract: shop, log: memoryLog(), limits, random: () => random })
    const ask = () => events.fetch(new Request('http://localhost/events?topic=orders/one&v=1'))
    const taken = await ask()
    const refused = await ask()
    expect(refused.status).toBe(503)
    expect(Number(refused.headers.get('retry-after'))).toBe(retryAfterOf(random))
    await taken.body?.cancel()
    await events.close({ drain: 0 })
  }
})

test('an event in the window takes what the server counts for it', () => {
  const source = readFileSync(new URL('../../../packages/server/src/feed/entry.ts', import.meta.url), 'utf8')
  expect(source).toContain('this.size = 512 + 4 * (data.length + topic.length + event.length')
  expect(ringEntryBytes(200)).toBe(512 + 4 * 226)
})

test('an id has as much for each shard as a server writes', async () => {
  const three = Array.from({ length: 3 }, () => memoryLog())
  const log = shards(three)
  const events = createEventServer({ contract: shop, log })
  const topics = customersOf(log, 'one').map((customer) => `topic=orders/${customer}`)
  const idOf = async (count: number) => {
    const query = topics.slice(0, count).join('&')
    const { body } = await events.fetch(new Request(`http://localhost/events?${query}`))
    const reader = body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    await reader?.cancel()
    return /^id: (.*)$/m.exec(new TextDecoder().decode(value))?.[1] ?? ''
  }
  const [one, two, all] = [await idOf(1), await idOf(2), await idOf(3)]
  await events.close({ drain: 0 })
  // Nothing was published yet: a billion has nine digits more than 0, and a tag five more and a dot.
  const later = '1000000000.abcde'.length - '0'.length
  expect(one.length + later).toBe(idBytes)
  expect(two.length - one.length + later).toBe(placeBytes)
  expect(all.length - two.length + later).toBe(placeBytes)
})

test('the measured event is as long as that of the benchmarks', () => {
  expect(JSON.stringify(event)).toHaveLength(eventBytes)
})

test('constants are read of what was measured, not copied', () => {
  const benchmark = readBenchmarks()
  const { write, eventInWrite, resume, connectionBytes } = readConstants()
  expect(write + eventInWrite).toBeCloseTo(benchmark('fan-out', 'one').value)
  expect(write / 10 + eventInWrite).toBeCloseTo(benchmark('fan-out', 'ten').value)
  expect(resume).toBe(benchmark('connecting', 'resume').value)
  expect(connectionBytes).toBe(1_024 * benchmark('idle', 'memory').value)
  expect(() => benchmark('fan-out', 'twelve')).toThrow('npm run bench -- --only fan-out')
})
