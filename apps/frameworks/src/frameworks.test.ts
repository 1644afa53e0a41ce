import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Ask, askWithFetch } from './ask.fixture.ts'
import { type EventStream, openStream } from './event-stream.fixture.ts'
import { certificate, type Example, examples } from './examples.fixture.ts'
import { killAll, type Running } from './run.fixture.ts'

// Each example as a process of its own, and the same tests for all of them.

// What is missing is told by its name; where everything must have been tried, it fails.
const skipped = ({ missing = false }: Example) => missing && process.env.CI === undefined

let folder: string
const started = new Map<string, Promise<Running>>()
beforeAll(async () => {
  // By its real path, which macOS hides behind a link.
  folder = await realpath(await mkdtemp(join(tmpdir(), 'millrace-frameworks-')))
  await writeFile(join(folder, 'cert.pem'), certificate.cert)
  await writeFile(join(folder, 'key.pem'), certificate.key)
  for (const example of examples) {
    if (skipped(example)) continue
    const running = example.start(folder)
    // The tests of that example tell of it.
    running.catch(() => {})
    started.set(example.name, running)
  }
})
afterAll(async () => {
  await killAll()
  await rm(folder, { recursive: true })
})

/** Waits for a server, and gives what asks it. */
async function connect({ name, client }: Example) {
  const running = await started.get(name)
  if (running === undefined) throw new Error(`${name} was not started`)
  const { ask, close } = client?.(running.port) ?? { ask: askWithFetch(running.port), close: undefined }
  return { running, ask, close }
}

let orders = 0
const nextOrder = () => `order${++orders}`

describe.each(examples.filter((example) => !skipped(example)))('$name', (example) => {
  let ask: Ask
  let close: (() => void) | undefined
  const streams = new Set<EventStream>()

  beforeAll(async () => {
    ;({ ask, close } = await connect(example))
  })
  afterAll(() => close?.())
  afterEach(async () => {
    for (const stream of streams) await stream.leave()
    streams.clear()
  })

  async function open(path: string, asking: Parameters<typeof openStream>[2] = {}): Promise<EventStream> {
    const stream = await openStream(ask, path, asking)
    streams.add(stream)
    return stream
  }

  it('sends the head before there is any event, and says where the stream stands', async () => {
    const { status, headers, next } = await open(`/events/orders/${nextOrder()}`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(await next()).toMatchObject({ event: 'millrace.open', data: { verdict: 'fresh' } })
  })

  it('delivers each event at once: the next is published when it has arrived', async () => {
    const order = nextOrder()
    const { headers, next } = await open(`/events/orders/${order}`)
    expect(headers.get('content-encoding')).toBeNull()
    await next()
    for (let total = 1; total <= 5; total += 1) {
      const id = await publish(ask, order, total)
      expect(await next()).toEqual({ event: 'placed', id, data: { total } })
    }
  })

  const { compressed } = example
  if (compressed !== undefined) {
    it('compresses everything else', async () => {
      const { headers, body } = await ask(compressed)
      for await (const _ of body);
      expect(headers.get('content-encoding')).toMatch(/^(gzip|br|zstd|deflate)$/)
    })
  }

  it('goes on after the last event id', async () => {
    const order = nextOrder()
    const first = await publish(ask, order, 1)
    const second = await publish(ask, order, 2)
    const { next } = await open(`/events?topic=orders/${order}`, { headers: { 'last-event-id': first } })
    expect(await next()).toMatchObject({ event: 'millrace.open', id: first, data: { verdict: 'resumed' } })
    expect(await next()).toEqual({ event: 'placed', id: second, data: { total: 2 } })
    const third = await publish(ask, order, 3)
    expect(await next()).toEqual({ event: 'placed', id: third, data: { total: 3 } })
  })

  it('takes a list of topics as a POST', async () => {
    const order = nextOrder()
    const { status, next } = await open('/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic: [`orders/${order}`, `orders/${nextOrder()}`] }),
    })
    expect(status).toBe(200)
    await next()
    const id = await publish(ask, order, 1)
    expect(await next()).toEqual({ event: 'placed', id, data: { total: 1 } })
  })

  it('sends the same to two subscribers', async () => {
    const order = nextOrder()
    const two = [await open(`/events/orders/${order}`), await open(`/events/orders/${order}`)]
    for (const { next } of two) await next()
    const id = await publish(ask, order, 1)
    for (const { next } of two) expect(await next()).toEqual({ event: 'placed', id, data: { total: 1 } })
  })

  it('refuses with problem details', async () => {
    const { status, headers, body } = await ask('/events/nothing/1')
    expect(status).toBe(404)
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(JSON.parse(await read(body))).toMatchObject({ status: 404, code: 'unknown-topic' })
  })

  it('answers HEAD without a stream, and the preflight of other pages', async () => {
    const before = await stats(ask)
    const head = await ask(`/events/orders/${nextOrder()}`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect(await read(head.body)).toBe('')
    const preflight = await ask('/events', { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
    expect(await stats(ask)).toMatchObject({ opened: before.opened })
  })

  it('notices each client that leaves', async () => {
    const order = nextOrder()
    const before = await stats(ask)
    for (let count = 0; count < 20; count += 1) {
      const { next } = await open(`/events/orders/${order}`)
      await next()
    }
    for (const stream of streams) await stream.leave()
    // Of the tests before, too, except where nothing was sent to them since.
    const left = example.noticesByWriting ? before.connections : 0
    for (let count = 20; count > left; count = (await stats(ask)).connections) {
      if (example.noticesByWriting) await publish(ask, order, count)
    }
    const { opened, connections, closed } = await stats(ask)
    expect(opened - before.opened).toBe(20)
    expect(closed.left + connections).toBe(opened)
  })
})

describe('over one connection of HTTP/2', () => {
  it('has hundreds of streams', async () => {
    const { ask, close } = await connect(example('http2'))
    onTestFinished(() => close?.())
    const order = nextOrder()
    const streams = await Promise.all(
      Array.from({ length: 500 }, () => openStream(ask, `/events/orders/${order}`)),
    )
    for (const { next } of streams) await next()
    const id = await publish(ask, order, 1)
    for (const { next } of streams) expect(await next()).toMatchObject({ event: 'placed', id })
  })
})

// Last, because it ends the servers; all at the same time, because each may spread it over a while.
describe('told to end', () => {
  const draining = examples.filter((example) => !skipped(example) && example.drains !== false)
  const endings = new Map<string, ReturnType<typeof end>>()

  beforeAll(() => {
    for (const example of draining) {
      const ending = end(example)
      // The test of that example tells of it.
      ending.catch(() => {})
      endings.set(example.name, ending)
    }
  })

  it.each(draining)(
    '$name says good-bye to open streams, and ends by itself',
    async ({ name, exitCode = 0 }) => {
      const ending = await endings.get(name)
      const goodBye = { event: 'millrace.bye', data: { reason: 'drain', retryable: true } }
      expect(ending?.last).toMatchObject([goodBye, goodBye])
      expect(ending?.exitCode).toBe(exitCode)
      // Clients that came and went are no faults.
      expect(ending?.output).not.toMatch(/error/i)
    },
  )

  async function end(example: Example) {
    const { running, ask, close } = await connect(example)
    const streams = [await openStream(ask, '/events/orders/*'), await openStream(ask, '/events/orders/*')]
    for (const { next } of streams) await next()
    const stopped = running.stop()
    const last = await Promise.all(streams.map(({ next }) => next()))
    // Whole, and not cut.
    await Promise.all(streams.map(({ ended }) => ended))
    // While the connections themselves are kept open.
    const exitCode = await stopped
    close?.()
    return { last, exitCode, output: running.output }
  }
})

for (const { name } of examples.filter(skipped)) it.skip(`${name}: its program is not installed`)

function example(name: string): Example {
  const found = examples.find((example) => example.name === name)
  if (found === undefined) throw new Error(`There is no example ${name}`)
  return found
}

async function publish(ask: Ask, order: string, total: number): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const { status, body } = await ask(`/orders/${order}`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ total }),
  })
  const text = await read(body)
  expect(status, text).toBe(200)
  return (JSON.parse(text) as { id: string }).id
}

interface Stats {
  readonly connections: number
  readonly opened: number
  readonly closed: { readonly left: number }
}

async function stats(ask: Ask): Promise<Stats> {
  // Clients other than fetch would have to expand it themselves.
  const { body } = await ask('/stats', { headers: { 'accept-encoding': 'identity' } })
  return JSON.parse(await read(body)) as Stats
}

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true })
  return text
}
