import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { memoryLog, shards } from '@millrace/log'
import { createEventServer, type EventServer } from '@millrace/server'
import type { ShardCosts } from '../measured.ts'
import { ownTime } from './processor-time.ts'
import { customersOf, event, shop } from './shop.ts'

/** Over how many shards streams are measured. */
const few = 1
const many = 16
const rounds = 5

/** What a stream costs its node for each shard that it reads beyond the first. */
export async function measureShards(): Promise<Omit<ShardCosts, 'followingStep'>> {
  return {
    delivery: await perShard(measureDelivery),
    resume: await perShard(measureResume),
    connectionBytes: await perShard(measureMemory, 1),
  }
}

type Measure = (node: Node) => Promise<number>

async function perShard(measure: Measure, times = rounds): Promise<number> {
  const differences: number[] = []
  for (let round = 0; round < times; round += 1) {
    const least = await withNode(few, measure)
    differences.push(((await withNode(many, measure)) - least) / (many - few))
  }
  return differences.sort((one, other) => one - other)[Math.floor(times / 2)] as number
}

interface Node {
  readonly events: EventServer
  /** Topics of a stream: one in each shard. */
  topicsOf(stream: number): readonly string[]
}

async function withNode(count: number, measure: Measure): Promise<number> {
  const log = shards(Array.from({ length: many }, () => memoryLog()))
  const limits = { ringBytes: 64 * 1024 * 1024, topicsPerStream: many, connections: 20_000 }
  const events = createEventServer({ contract: shop, log, limits })
  try {
    return await measure({ events, topicsOf: (stream) => customersOf(log, `${stream}`).slice(0, count) })
  } finally {
    await events.close({ drain: 0 })
    await log.close()
  }
}

async function open(events: EventServer, customers: readonly string[], cursor?: string) {
  const query = customers.map((customer) => `topic=orders/${customer}`).join('&')
  const headers = cursor === undefined ? undefined : { 'last-event-id': cursor }
  const request = new Request(`http://localhost/events?${query}`, headers && { headers })
  const { body } = await events.fetch(request)
  if (body === null) throw new Error('A stream was refused')
  return body.getReader()
}

// Events that one stream each gets, so that nobody shares bytes.
async function measureDelivery({ events, topicsOf }: Node): Promise<number> {
  const streams = Array.from({ length: 100 }, (_, stream) => topicsOf(stream))
  const readers = await Promise.all(streams.map((customers) => open(events, customers)))
  let received = 0
  const text = new TextDecoder()
  const reading = readers.map(async (reader) => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      received += text.decode(value).split('event: placed').length - 1
    }
  })
  const send = async (each: number) => {
    const before = received
    for (let turn = 0; turn < each; turn += 1) {
      await Promise.all(
        streams.map((customers) => {
          const customer = customers[turn % customers.length] as string
          return events.publish(shop.orders({ customer }), 'placed', event)
        }),
      )
      await new Promise(setImmediate)
    }
    while (received < before + each * streams.length) await new Promise(setImmediate)
  }
  await send(50)
  const began = ownTime()
  await send(200)
  const cost = (ownTime() - began) / (200 * streams.length)
  await Promise.all(readers.map((reader) => reader.cancel()))
  await Promise.all(reading)
  return cost
}

// Each has missed one event, whatever the number of shards.
async function measureResume({ events, topicsOf }: Node): Promise<number> {
  const customers = topicsOf(0)
  const [customer = ''] = customers
  const text = new TextDecoder()
  const read = async (cursor: string | undefined, until: string) => {
    const reader = await open(events, customers, cursor)
    let all = ''
    while (!all.includes(until)) {
      const { value } = await reader.read()
      all += text.decode(value)
    }
    await reader.cancel()
    return all
  }
  const watching = await open(events, customers)
  for (const each of customers) await events.publish(shop.orders({ customer: each }), 'placed', event)
  const told = await read(undefined, 'id: ')
  const cursor = /^id: (.*)$/m.exec(told)?.[1] ?? ''
  await events.publish(shop.orders({ customer }), 'placed', event)
  const time = async (streams: number) => {
    const began = ownTime()
    for (let stream = 0; stream < streams; stream += 1) await read(cursor, 'event: placed')
    return (ownTime() - began) / streams
  }
  await time(200)
  const cost = await time(1_000)
  await watching.cancel()
  return cost
}

async function measureMemory({ events, topicsOf }: Node): Promise<number> {
  const customers = topicsOf(0)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const count = 2_000
  const hold = [await open(events, customers)]
  collect()
  const before = process.memoryUsage().heapUsed
  for (let stream = 0; stream < count; stream += 1) hold.push(await open(events, customers))
  await new Promise(setImmediate)
  collect()
  const bytes = (process.memoryUsage().heapUsed - before) / count
  await Promise.all(hold.map((reader) => reader.cancel()))
  return bytes
}
