import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { channel, defineContract, type EventOf, isoDate } from '@millrace/contract'
import { type MemoryLog, memoryLog } from '@millrace/log'
import { createEventServer, type EventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createEventClient, type EventClient } from './index.ts'

// The client and the server together. Most of it in one process, by handing the one to the other: `Request` in, `Response` out.

const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.string() },
      events: { placed: z.object({ total: z.number(), at: isoDate }), noted: z.string() },
    }),
    stock: channel('stock/{item}', { events: { counted: z.int() } }),
  },
})

let log: MemoryLog
let events: EventServer
let clients: EventClient[]

beforeEach(() => {
  log = memoryLog({ epoch: 'e' })
  events = createEventServer({ contract: shop, log, retry: 1, heartbeat: 60_000 })
  clients = []
})
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()))
  await events.close({ drain: 0 })
})

type Fetch = (request: Request) => Promise<Response>

const direct: Fetch = (request) => events.fetch(request)

function createClient(fetch: Fetch, onError: (error: unknown) => void = throwIt): EventClient {
  const client = createEventClient({
    url: 'http://server.test/events',
    fetch,
    onError,
    backoff: { base: 1, floor: 1, cap: 5 },
  })
  clients.push(client)
  return client
}

function throwIt(error: unknown): never {
  throw error
}

/** A fetch whose streams break off after so many bytes, one number for each stream; later ones are whole. */
function cutting(lengths: readonly number[], clean = false): Fetch {
  let streams = 0
  return async (request) => {
    const response = await direct(request)
    const length = lengths[streams]
    streams += 1
    if (length === undefined || response.body === null) return response
    const reader = response.body.getReader()
    let left = length
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const read = left > 0 ? await reader.read() : { done: true as const, value: undefined }
        if (!read.done) {
          controller.enqueue(read.value.slice(0, left))
          left -= read.value.length
        }
        if (!read.done && left > 0) return
        await reader.cancel()
        if (clean) controller.close()
        else controller.error(new TypeError('cut'))
      },
      cancel: (reason) => reader.cancel(reason),
    })
    return new Response(body, { status: response.status, headers: response.headers })
  }
}

const order = shop.orders({ orderId: '42' })
const note = (text: string) => events.publish(order, 'noted', text)

/** Collects texts until `last` has come. */
function collect(client: EventClient, last: string, from?: 'earliest'): Promise<string[]> {
  const texts: string[] = []
  return new Promise((resolve) => {
    client.subscribe(
      order,
      (event) => {
        if (event.name === 'noted') texts.push(event.data)
        else texts.push(event.name)
        if (event.name === 'noted' && event.data === last) resolve(texts)
      },
      from === undefined ? {} : { from },
    )
  })
}

describe('a stream that breaks off', () => {
  it.each([false, true])('after any byte gives every event once, in order (clean end: %s)', async (clean) => {
    for (const text of ['one', 'two', 'three']) await note(text)
    const whole = await direct(
      new Request('http://server.test/events?topic=orders/42&from=earliest&mode=poll&v=1'),
    )
    const { byteLength } = await whole.arrayBuffer()
    expect(byteLength).toBeGreaterThan(300)
    for (let length = 0; length <= byteLength; length += 1) {
      const texts = await collect(createClient(cutting([length], clean)), 'three', 'earliest')
      expect({ length, texts }).toEqual({ length, texts: ['one', 'two', 'three'] })
    }
  })

  it('before its first event loses nothing that was published meanwhile', async () => {
    let lost = () => {}
    const isLost = new Promise<void>((resolve) => {
      lost = resolve
    })
    let streams = 0
    const client = createClient(async (request) => {
      streams += 1
      if (streams > 1) return direct(request)
      // The whole first frame, then the end, and while it is gone, an event.
      const response = await direct(request)
      const reader = (response.body as ReadableStream<Uint8Array>).getReader()
      const { value } = await reader.read()
      await reader.cancel()
      await note('meanwhile')
      lost()
      return new Response(value as BodyInit, { headers: response.headers })
    })
    const texts = collect(client, 'later')
    await isLost
    await note('later')
    expect(await texts).toEqual(['meanwhile', 'later'])
  })

  it('again and again, while events are published, gives every event once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 12 }),
        fc.array(fc.stringMatching(/^[ -~]{0,40}$/), { minLength: 1, maxLength: 25 }),
        async (cuts, texts) => {
          const numbered = texts.map((text, index) => `${index} ${text}`)
          const last = `${numbered.length} last`
          const { head } = await log.bounds()
          const client = createClient(cutting(cuts))
          const seen: string[] = []
          const done = new Promise<void>((resolve) => {
            client.subscribe(
              order,
              {
                noted: ({ data }) => {
                  seen.push(data)
                  if (data === last) resolve()
                },
              },
              { from: `e.${head}` },
            )
          })
          for (const text of numbered) {
            await note(text)
            if (text.length % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
          }
          await note(last)
          await done
          await client.close()
          expect(seen).toEqual([...numbered, last])
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('what arrives', () => {
  it('is equal to what was published, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        // UTF-8 has no lone surrogates; in data they travel all the same, as JSON escapes.
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary', minLength: 1 }),
        async (text, orderId) => {
          const topic = shop.orders({ orderId })
          const client = createClient(direct)
          const iterator = client.subscribe(topic, { from: 'now' })
          const first = iterator.next()
          while (client.status.state !== 'open') await new Promise((resolve) => setImmediate(resolve))
          const { id } = await events.publish(topic, 'noted', text)
          expect((await first).value).toMatchObject({ name: 'noted', data: text, id, params: { orderId } })
          await client.close()
        },
      ),
      { numRuns: 100 },
    )
  })

  it('has its types again', async () => {
    const client = createClient(direct)
    const at = new Date(1_763_683_200_000)
    await events.publish(order, 'placed', { total: 10, at })
    for await (const event of client.subscribe(order, { from: 'earliest' })) {
      expect(event).toMatchObject({
        name: 'placed',
        data: { total: 10, at },
        topic: 'orders/42',
        params: { orderId: '42' },
      })
      break
    }
  })
})

describe('the trace that an event was published in', () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

  it('goes with it, typed or not', async () => {
    const client = createClient(direct)
    await events.publish(order, 'noted', 'traced', { trace })
    await note('not traced')
    const typed = client.subscribe(order, { from: 'earliest' })
    const bare = client.subscribe<EventOf<typeof shop.orders>>('orders/*', { from: 'earliest' })
    for (const iterator of [typed[Symbol.asyncIterator](), bare[Symbol.asyncIterator]()]) {
      const [traced, untraced] = [await iterator.next(), await iterator.next()].map(({ value }) => value)
      expect(traced).toMatchObject({ data: 'traced', trace })
      expect(untraced).toMatchObject({ data: 'not traced' })
      expect(untraced).toHaveProperty('trace', undefined)
    }
  })
})

describe('history that is gone', () => {
  async function following() {
    await note('seen')
    let current: ReadableStreamDefaultReader<Uint8Array> | undefined
    const gate = { open: true }
    const client = createClient(async (request) => {
      if (!gate.open) throw new TypeError('the server is away')
      const response = await direct(request)
      current = response.body?.getReader()
      const reader = current
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const read = await reader?.read()
          if (read?.value !== undefined) controller.enqueue(read.value)
          else controller.close()
        },
        cancel: () => reader?.cancel(),
      })
      return new Response(body, response)
    })
    const seen: unknown[] = []
    let told = () => {}
    client.subscribe(
      order,
      (event) => {
        seen.push(event.name === 'millrace.reset' ? event.data.verdict : event.data)
        told()
      },
      { from: 'earliest' },
    )
    const until = (count: number) =>
      new Promise<void>((resolve) => {
        told = () => seen.length >= count && resolve()
        told()
      })
    await until(1)
    const cut = async () => {
      gate.open = false
      await current?.cancel()
    }
    return { seen, until, cut, come: () => (gate.open = true) }
  }

  it('is told as `trimmed`, and the stream goes on from what is left', async () => {
    // A server that remembers nothing itself beside the newest event.
    await events.close({ drain: 0 })
    events = createEventServer({ contract: shop, log, retry: 1, limits: { ringBytes: 1 } })
    const { seen, until, cut, come } = await following()
    await cut()
    for (const text of ['lost', 'lost too', 'kept', 'kept too']) await note(text)
    log.trim(4)
    come()
    await until(4)
    expect(seen).toEqual(['seen', 'trimmed', 'kept', 'kept too'])
  })

  it('is told as `epoch` when the log began anew', async () => {
    const { seen, until, cut, come } = await following()
    await cut()
    log.restart('f')
    await note('new')
    come()
    await until(3)
    expect(seen).toEqual(['seen', 'epoch', 'new'])
  })

  it('is told in the middle of an open stream too', async () => {
    const { seen, until } = await following()
    log.restart('f')
    await note('new')
    await until(3)
    expect(seen).toEqual(['seen', 'epoch', 'new'])
  })
})

describe('several topics on one connection', () => {
  it('come and go without loss or repetition', async () => {
    let requests = 0
    const client = createClient((request) => {
      requests += 1
      return direct(request)
    })
    const notes: string[] = []
    const counts: number[] = []
    client.subscribe(order, { noted: ({ data }) => void notes.push(data) }, { from: 'earliest' })
    for (let turn = 0; turn < 200; turn += 1) {
      await note(`note ${turn}`)
      if (turn === 50) {
        client.subscribe(
          shop.stock({ item: 'desk' }),
          { counted: ({ data }) => void counts.push(data) },
          { from: 'earliest' },
        )
      }
      await events.publish(shop.stock({ item: 'desk' }), 'counted', turn)
      if (turn % 20 === 0) {
        const passing = client.subscribe(shop.stock({ item: `item ${turn}` }), { counted: () => {} })
        if (turn % 40 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
        passing.close()
      }
    }
    await expect.poll(() => [notes.length, counts.length]).toEqual([200, 200])
    expect(notes).toEqual(Array.from({ length: 200 }, (_, turn) => `note ${turn}`))
    expect(counts).toEqual(Array.from({ length: 200 }, (_, turn) => turn))
    expect(requests).toBeGreaterThan(2)
  })
})

describe('over real sockets', () => {
  let server: Server
  let sockets: Set<Socket>
  let port: number

  beforeEach(async () => {
    sockets = new Set()
    server = createServer(toNodeListener(events)).listen(0, '127.0.0.1')
    server.on('connection', (socket) => sockets.add(socket))
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })

  it('goes on exactly where it was when sockets are destroyed', async () => {
    const client = createEventClient({
      url: `http://127.0.0.1:${port}/events`,
      onError: throwIt,
      backoff: { base: 1, floor: 1, cap: 5 },
    })
    clients.push(client)
    const seen: string[] = []
    client.subscribe(order, { noted: ({ data }) => void seen.push(data) }, { from: 'earliest' })
    for (let turn = 0; turn < 300; turn += 1) {
      await note(`note ${turn}`)
      if (turn % 10 === 0) for (const socket of sockets) socket.destroy()
      if (turn % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await expect.poll(() => seen.length).toBe(300)
    expect(seen).toEqual(Array.from({ length: 300 }, (_, turn) => `note ${turn}`))
  })

  it('comes back after a drain, which told it when', async () => {
    const client = createEventClient({ url: `http://127.0.0.1:${port}/events`, onError: throwIt })
    clients.push(client)
    const states: string[] = []
    const seen: string[] = []
    client.onStatus(({ state, cause }) =>
      states.push(cause === undefined ? state : `${state}: ${cause.message}`),
    )
    client.subscribe(order, { noted: ({ data }) => void seen.push(data) }, { from: 'earliest' })
    await note('before')
    await expect.poll(() => seen).toEqual(['before'])
    await events.close({ drain: 1 })
    await expect.poll(() => states.at(-1)).toMatch(/^waiting: .*drain/)

    events = createEventServer({ contract: shop, log, retry: 1 })
    server.removeAllListeners('request')
    server.on('request', toNodeListener(events))
    await note('after')
    await expect.poll(() => seen).toEqual(['before', 'after'])
  })
})
