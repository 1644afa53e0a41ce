import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEventClient, type Reset } from '@millrace/client'
import { shards } from '@millrace/log'
import { type KafkaLog, kafkaLogs } from '@millrace/log-kafka'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { kafkaServer } from '@millrace/test-engines'
import { expect, it, onTestFinished, vi } from 'vitest'
import { cuttingFetch } from '../cutting-fetch.ts'
import { numbers } from '../numbers.ts'

const soon = { timeout: 30_000, interval: 20 }
const names = Array.from({ length: 12 }, (_, line) => `${line}`)

/** A server of its own, on logs of its own, in the same three partitions. */
async function serve(connection: string) {
  const logs = kafkaLogs({ connection, name: 'split', partitions: 3 })
  const log = shards(logs)
  const events = createEventServer({ contract: numbers, log, onError() {} })
  const server = createServer(toNodeListener(events))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    logs,
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

it('two servers on a topic in three partitions: each event once and in order, and what befalls a partition is told of its topics alone', async () => {
  const engine = await kafkaServer()
  onTestFinished(() => engine.remove())
  const [one, two] = await Promise.all([serve(engine.proxied), serve(engine.proxied)])
  const nodes = [one, two]
  // One after the other, as behind a balancer.
  let urls = [one.url, two.url]
  const { fetch, cut } = cuttingFetch()
  let requests = 0
  const client = createEventClient({
    url: one.url,
    fetch: (request) => {
      requests += 1
      const url = urls[requests % urls.length]
      if (url === undefined) return Promise.reject(new Error('There is no network'))
      return fetch(new Request(request.url.replace(one.url, url), request))
    },
    backoff: { base: 10, floor: 10, cap: 200 },
    onError() {},
  })
  onTestFinished(async () => {
    await client.close()
    await Promise.all(nodes.map((node) => node.stop()))
  })

  const said = new Map<string, number>()
  const seen = new Map<string, number[]>()
  const resets: string[] = []
  const take = (event: Reset | { name: 'said'; topic: string; data: { number: number } }) => {
    if (event.name === 'said') seen.set(event.topic, [...(seen.get(event.topic) ?? []), event.data.number])
    else resets.push(`${event.topic} ${event.data.verdict}`)
  }
  const addressOf = (line: string) => numbers.lines({ line }).address
  const inPartition = (partition: number) =>
    names.filter((line) => one.log.shardOf(addressOf(line)) === partition)
  const parts = [0, 1, 2].map(inPartition)
  expect(parts.every(({ length }) => length > 0)).toBe(true)
  const subscriptions = names.map((line) => client.subscribe(numbers.lines({ line }), take))
  await Promise.all(subscriptions.map(({ ready }) => ready))

  async function say(lines: readonly string[]): Promise<void> {
    await Promise.all(
      lines.map(async (line, index) => {
        const number = (said.get(line) ?? 0) + 1
        said.set(line, number)
        const { events } = (number + index) % 2 === 0 ? one : two
        // What was appended before a connection was cut is known by its key.
        const key = `${line}-${number}`
        await vi.waitFor(() => events.publish(numbers.lines({ line }), 'said', { number }, { key }), soon)
      }),
    )
  }
  const numbersFrom = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const isWhole = (lost: ReadonlyMap<string, readonly number[]> = new Map()) => {
    for (const [line, last] of said) {
      const missed = lost.get(line) ?? []
      expect([line, seen.get(addressOf(line))]).toEqual([
        line,
        numbersFrom(1, last).filter((number) => !missed.includes(number)),
      ])
    }
  }

  for (let round = 1; round <= 20; round += 1) {
    await say(names)
    if (round % 5 === 0) cut()
    if (round === 12) engine.proxy.cut()
  }
  await vi.waitFor(() => isWhole(), soon)
  expect(resets).toEqual([])
  // A process has two for each partition at most, whoever and whatever it serves.
  const most = 2 * 3 * nodes.length
  await vi.waitFor(() => expect(engine.proxy.connections).toBeLessThanOrEqual(most), soon)

  // Who was away while one partition lost what came meanwhile is told so of its topics, and has all of the others.
  urls = []
  cut()
  await say(names)
  const trimmed = one.logs[1] as KafkaLog
  await trimmed.trim((await trimmed.bounds()).head + 1)
  const lost = new Map((parts[1] as string[]).map((line) => [line, [said.get(line) as number]]))
  await say(names)
  // The others have it in memory.
  const three = await serve(engine.proxied)
  nodes.push(three)
  urls = [three.url]
  await vi.waitFor(() => isWhole(lost), soon)
  const toldOf = (partition: number, verdict: string) =>
    (parts[partition] as string[]).map((line) => `${addressOf(line)} ${verdict}`).sort()
  expect(resets.splice(0).sort()).toEqual(toldOf(1, 'trimmed'))

  // And where one begins a new life.
  await two.logs[2]?.restart()
  await say(names)
  await vi.waitFor(() => expect([...resets].sort()).toEqual(toldOf(2, 'epoch')), soon)
  await vi.waitFor(() => isWhole(lost), soon)
  expect([...resets].sort()).toEqual(toldOf(2, 'epoch'))
}, 120_000)
