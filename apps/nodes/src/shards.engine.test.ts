import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEventClient, type Reset } from '@millrace/client'
import { shards } from '@millrace/log'
import { redisLog } from '@millrace/log-redis'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { type RedisServer, redisServer } from '@millrace/test-engines'
import { expect, it, onTestFinished, vi } from 'vitest'
import { cuttingFetch } from './cutting-fetch.ts'
import { numbers } from './numbers.ts'

const soon = { timeout: 30_000, interval: 20 }
const names = Array.from({ length: 8 }, (_, line) => `${line}`)

/** A server of its own, on logs of its own, on the same two Redis. */
async function serve(engines: readonly RedisServer[]) {
  const log = shards(engines.map(({ url }) => redisLog({ connection: url })))
  const events = createEventServer({ contract: numbers, log, onError() {} })
  const server: Server = createServer(toNodeListener(events))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    log,
    events,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    async stop() {
      await events.close({ drain: 0 })
      server.closeAllConnections()
      server.close()
      await log.close()
    },
  }
}

it('two servers on two Redis as shards: each event once and in order, while one of them is killed and one loses everything', async () => {
  // One is killed, and is to lose nothing, however slow the disk is.
  const durable = ['--appendfsync', 'always']
  const engines = await Promise.all([redisServer(...durable), redisServer(...durable)])
  const nodes = await Promise.all([serve(engines), serve(engines)])
  const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
  const said = new Map<string, number>()
  const seen = new Map<string, number[]>()
  const resets: string[] = []
  const { fetch, cut } = cuttingFetch()
  let requests = 0
  const client = createEventClient({
    url: one.url,
    // One after the other, as behind a balancer.
    fetch: (request) => {
      requests += 1
      const { url } = requests % 2 === 0 ? two : one
      return fetch(new Request(request.url.replace(one.url, url), request))
    },
    backoff: { base: 10, floor: 10, cap: 200 },
    onError() {},
  })
  onTestFinished(async () => {
    await client.close()
    await Promise.all(nodes.map((node) => node.stop()))
    await Promise.all(engines.map((engine) => engine.remove()))
  })
  const shardOf = (line: string) => one.log.shardOf(numbers.lines({ line }).address)
  const [ofFirst, ofSecond] = [0, 1].map((shard) => names.filter((line) => shardOf(line) === shard)) as [
    string[],
    string[],
  ]
  expect([ofFirst.length > 0, ofSecond.length > 0]).toEqual([true, true])
  const take = (event: Reset | { name: 'said'; topic: string; data: { number: number } }) => {
    if (event.name === 'said') seen.set(event.topic, [...(seen.get(event.topic) ?? []), event.data.number])
    else resets.push(`${event.topic} ${event.data.verdict}`)
  }
  const subscription = client.subscribe(numbers.lines({}), (event) =>
    take(event as Parameters<typeof take>[0]),
  )
  await subscription.ready

  async function say(lines: readonly string[]): Promise<void> {
    await Promise.all(
      lines.map(async (line, index) => {
        const number = (said.get(line) ?? 0) + 1
        said.set(line, number)
        const { events } = nodes[(number + index) % 2] as (typeof nodes)[0]
        // Until its engine is back. What was appended all the same is known by its key.
        const key = `${line}-${number}`
        await vi.waitFor(() => events.publish(numbers.lines({ line }), 'said', { number }, { key }), soon)
      }),
    )
  }
  const isWhole = () => {
    for (const [line, last] of said) {
      expect([line, seen.get(numbers.lines({ line }).address)], `told: ${resets}`).toEqual([
        line,
        Array.from({ length: last }, (_, index) => index + 1),
      ])
    }
  }

  for (let round = 0; round < 30; round += 1) {
    await say(names)
    if (round % 6 === 5) cut()
  }
  await vi.waitFor(isWhole, soon)

  // Without its engine the one shard takes nothing, and the other goes on, also for a stream that was open over both.
  await engines[1]?.kill()
  const { events } = one
  const [away = ''] = ofSecond
  await expect(events.publish(numbers.lines({ line: away }), 'said', { number: 0 })).rejects.toThrow()
  for (let round = 0; round < 10; round += 1) await say(ofFirst)
  await vi.waitFor(isWhole, soon)
  await engines[1]?.start()
  cut()
  await say(names)
  await vi.waitFor(isWhole, soon)
  expect(resets).toEqual([])

  // What the one has lost is told of that one alone.
  await engines[1]?.command('FLUSHALL')
  // Keys and all, so that each line begins anew.
  for (const line of ofSecond) {
    said.delete(line)
    seen.delete(numbers.lines({ line }).address)
  }
  await say(names)
  await vi.waitFor(isWhole, soon)
  expect(resets).toEqual(['lines/* epoch'])
}, 120_000)
