import { setTimeout as sleep } from 'node:timers/promises'
import { judge, type LogRecord, type NewRecord } from '@millrace/log'
import {
  freePort,
  type RedisSentinel,
  type RedisServer,
  redisSentinel,
  redisServer,
} from '@millrace/test-engines'
import { createCluster, createSentinel } from '@redis/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type RedisLog, redisLog } from './redis-log.ts'

const started: (RedisServer | RedisSentinel)[] = []
const logs: RedisLog[] = []
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
  await Promise.all(started.splice(0).map((server) => server.remove()))
})

async function start(...settings: string[]): Promise<RedisServer> {
  const server = await redisServer(...settings)
  started.push(server)
  return server
}

function keep(log: RedisLog): RedisLog {
  logs.push(log)
  return log
}

const soon = { timeout: 40_000, interval: 20 }
const portOf = ({ url }: RedisServer) => Number(new URL(url).port)

function record(number: number): NewRecord {
  return {
    topic: 'orders/1',
    event: 'placed',
    version: 1,
    time: number,
    data: `${number}`,
    key: `key-${number}`,
  }
}

/** All that a tail tells, life by life. */
function follow(log: RedisLog) {
  const lives: { readonly epoch: string; readonly records: LogRecord[] }[] = []
  log.tail(
    { epoch: 'another', offset: 0 },
    {
      records: (records) => lives.at(-1)?.records.push(...records),
      reset: ({ epoch }) => lives.push({ epoch, records: [] }),
      error: () => {},
    },
  )
  return lives
}

describe('Sentinel', () => {
  it('a failover by Sentinel that loses acknowledged events is told, and publishing goes on at the new master', async () => {
    const master = await start()
    const replica = await start('--replicaof', '127.0.0.1', `${portOf(master)}`)
    const sentinel = await redisSentinel('main', portOf(master))
    started.push(sentinel)
    const connection = createSentinel({
      name: 'main',
      sentinelRootNodes: [{ host: '127.0.0.1', port: sentinel.port }],
    })
    const log = keep(redisLog({ connection, pollInterval: 50 }))
    const lives = follow(log)

    // Under a publisher that goes on throughout, and repeats what was not answered.
    const acknowledged = new Map<number, { readonly epoch: string; readonly offset: number }>()
    let publishing = true
    const publisher = (async () => {
      for (let number = 1; publishing; ) {
        const position = await log.append([record(number)]).then(
          ([first]) => first,
          () => undefined,
        )
        if (position !== undefined) {
          acknowledged.set(number, position)
          number += 1
        }
        await sleep(5)
      }
    })()
    const untilAcknowledged = async (count: number) => {
      const wanted = acknowledged.size + count
      await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThanOrEqual(wanted), soon)
    }
    try {
      await untilAcknowledged(5)
      const isKnown = async () =>
        String(await master.command('INFO', 'replication')).match(/slave0:.*state=online/)
      await vi.waitFor(async () => expect(await isKnown()).not.toBeNull(), soon)
      await sentinel.untilReplicas(1)
      // From here on the master acknowledges alone, and then it is gone.
      await replica.kill()
      await untilAcknowledged(20)
      await vi.waitFor(
        () => expect(lives.at(-1)?.records.length).toBeGreaterThanOrEqual(acknowledged.size),
        soon,
      )
      await master.kill()
      await replica.start()
      await vi.waitFor(() => expect(lives.length).toBeGreaterThanOrEqual(2), soon)
      await untilAcknowledged(5)
    } finally {
      publishing = false
      await publisher
    }

    const { epoch, head } = await log.bounds()
    await vi.waitFor(() => expect(lives.at(-1)?.records.at(-1)?.offset).toBe(head), soon)
    // Each life without a gap and without a place that was given away twice.
    for (const { records } of lives.filter((life) => life.records.length > 0)) {
      const [first] = records
      expect(records.map(({ offset }) => offset)).toEqual(
        records.map((_, index) => (first?.offset ?? 0) + index),
      )
    }
    const held = (await log.read(0, 10_000)).records
    expect(lives.at(-1)?.epoch).toBe(epoch)
    expect(lives.at(-1)?.records).toEqual(held)
    // What was acknowledged is there, or was of another epoch, of which everybody is told.
    const places = new Map(held.map(({ data, offset }) => [Number(data), offset]))
    const lost = [...acknowledged].filter(([number]) => !places.has(number))
    expect(lost.length).toBeGreaterThan(0)
    for (const [number, position] of acknowledged) {
      if (position.epoch === epoch) expect(places.get(number)).toBe(position.offset)
      else expect(judge(position, await log.bounds())).toBe('epoch')
    }
  }, 120_000)
})

describe('a cluster', () => {
  it('of three masters keeps each log in one slot, and several logs on several masters', async () => {
    // By default a node talks to others on a port that is 10,000 higher, which need not exist.
    const buses = [await freePort(), await freePort(), await freePort()]
    const nodes = await Promise.all(
      buses.map((bus) => start('--cluster-enabled', 'yes', '--cluster-port', `${bus}`)),
    )
    const [first] = nodes as [RedisServer, RedisServer, RedisServer]
    const slots = [
      [0, 5_460],
      [5_461, 10_922],
      [10_923, 16_383],
    ]
    for (const [index, node] of nodes.entries()) {
      const [from, to] = slots[index] as [number, number]
      // Or all of them would begin with the same, and one of two would have to give way.
      await node.command('CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`)
      await node.command('CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to}`)
      await first.command('CLUSTER', 'MEET', '127.0.0.1', `${portOf(node)}`, `${buses[index]}`)
    }
    for (const node of nodes) {
      await vi.waitFor(async () => {
        const info = String(await node.command('CLUSTER', 'INFO'))
        expect(info).toMatch(/cluster_state:ok/)
        expect(info).toMatch(/cluster_known_nodes:3/)
      }, soon)
    }
    const connection = createCluster({ rootNodes: [{ url: first.url }] })
    const names = Array.from({ length: 8 }, (_, index) => `shop-${index}`)
    await Promise.all(
      names.map(async (name) => {
        const log = keep(redisLog({ connection, name, pollInterval: 50 }))
        const lives = follow(log)
        await log.append([record(1), record(2)])
        expect((await log.append([record(2)]))[0]?.offset).toBe(2)
        await vi.waitFor(() => expect(lives.at(-1)?.records).toHaveLength(2), soon)
      }),
    )
    const keysOf = await Promise.all(nodes.map(async (node) => (await node.command('KEYS', '*')) as string[]))
    for (const name of names) {
      const own = keysOf.map((keys) => keys.filter((key) => key.startsWith(`{${name}}:`)).length)
      expect([...own].sort()).toEqual([0, 0, 3])
    }
    expect(keysOf.filter((keys) => keys.length > 0).length).toBeGreaterThan(1)
  }, 120_000)
})
