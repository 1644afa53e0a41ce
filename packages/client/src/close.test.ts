import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import { collectGarbage } from './collect-garbage.fixture.ts'
import { createEventClient } from './index.ts'
import { order } from './shop.fixture.ts'

const harness = useHarness()

describe('closing a client', () => {
  it('ends everything, and gives one promise however often it is called', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order)
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0')
    await untilState(client, 'open')
    const closing = client.close()
    expect(client.close()).toBe(closing)
    expect(client.status).toEqual({ state: 'closed' })
    await closing
    await stream.closed
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(clock.pending).toEqual([])
    expect(client.status).toEqual({ state: 'closed' })
    expect(() => client.subscribe(order)).toThrow(TypeError)
  })

  it('needs nothing to have happened', async () => {
    const client = harness.createClient()
    await client.close()
    expect(client.status).toEqual({ state: 'closed' })
  })

  // Node's `Request` hears of its signal no more once it is collected.
  it('ends a request that is not answered, however long it waits', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const stream = await server.next()
    await collectGarbage()
    await client.close()
    await stream.closed
  })

  it('before the turn is over asks for nothing', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order)
    await client.close()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(server.exchanges).toHaveLength(0)
  })

  it('by a handler that waits for it does not wait for the handler', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, async ({ id }) => {
      await client.close()
      seen.push(id)
    })
    ;(await server.next()).open('k.0').event('k.1').event('k.2')
    await seen.count(1)
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(seen.items).toEqual(['k.1'])
  })

  it('is what leaving its block does', async () => {
    const { server } = harness
    let stream: Awaited<ReturnType<typeof server.next>>
    {
      await using client = createEventClient({ url: server.url })
      client.subscribe(order)
      stream = (await server.next()).open('k.0')
      await untilState(client, 'open')
    }
    await stream.closed
  })
})

describe('closing a subscription', () => {
  it('in its handler is the end of its events, also of those that have arrived', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const [closing, other] = [new Seen<string>(), new Seen<string>()]
    const subscription = client.subscribe(order, ({ id }) => {
      closing.push(id)
      subscription.close()
      subscription.close()
    })
    client.subscribe(order, ({ id }) => other.push(id))
    const stream = (await server.next()).open('k.0')
    stream.write(
      ['k.1', 'k.2', 'k.3']
        .map((id) => `id: ${id}\nevent: placed\ntopic: orders/42\ntime: 1\ndata: {"total":1}\n\n`)
        .join(''),
    )
    await other.count(3)
    expect(closing.items).toEqual(['k.1'])
  })

  it('by its signal, already aborted or later, leaves no listener', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const listeners = new Set<unknown>()
    const controller = new AbortController()
    const { signal } = controller
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners.add(given[1])
      add(...given)
    }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners.delete(given[1])
      remove(...given)
    }
    client.subscribe(order, () => {}, { signal }).close()
    client.subscribe(order, { signal }).close()
    expect(listeners.size).toBe(0)
    const iterator = client.subscribe(order, { signal })
    await server.next()
    controller.abort()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(listeners.size).toBe(0)
    client.subscribe(order, { signal })
    expect(listeners.size).toBe(0)
    await untilState(client, 'idle')
    expect(server.exchanges).toHaveLength(1)

    const own = createClient({ signal: AbortSignal.abort() })
    expect(own.status).toEqual({ state: 'closed' })
  })

  it('by the client’s signal closes all', async () => {
    const { server, createClient } = harness
    const controller = new AbortController()
    const client = createClient({ signal: controller.signal })
    const iterator = client.subscribe(order)
    await server.next()
    controller.abort()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(client.status).toEqual({ state: 'closed' })
  })
})

describe('a status listener', () => {
  it('is told each change, disturbs nobody when it throws, and may leave', async () => {
    const { server, clock, createClient, errors } = harness
    const client = createClient()
    const states: string[] = []
    client.onStatus(() => {
      throw new Error('mine')
    })
    const stop = client.onStatus(({ state }) => states.push(state))
    const subscription = client.subscribe(order)
    const stream = (await server.next()).open('k.0')
    await untilState(client, 'open')
    stream.end()
    await untilState(client, 'waiting')
    expect(client.status.cause).toMatchObject({ reason: 'ended', final: false })
    clock.advance(1_000)
    await untilState(client, 'connecting')
    stop()
    subscription.close()
    await untilState(client, 'idle')
    expect(states).toEqual(['connecting', 'open', 'waiting', 'connecting'])
    expect(errors).toMatchObject(Array.from({ length: 5 }, () => ({ code: 'handler', event: undefined })))
  })

  it.each(['connecting', 'open', 'waiting'])('may close the client when it is told %j', async (closeAt) => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.onStatus(({ state }) => {
      if (state === closeAt) void client.close()
    })
    client.subscribe(order)
    if (closeAt !== 'connecting') {
      const stream = (await server.next()).open('k.0')
      if (closeAt === 'waiting') stream.end()
    }
    await untilState(client, 'closed')
    await client.close()
    expect(client.status).toEqual({ state: 'closed' })
    expect(clock.pending).toEqual([])
    await Promise.all(server.exchanges.map(({ closed }) => closed))
  })
})

describe('whatever is done, at whatever moment', () => {
  type Step = 'subscribe' | 'close' | 'turn' | 'answer' | 'refuse' | 'event' | 'cut' | 'time'

  it('there is at most one stream beside the one that takes its place, and at the end nothing is left', async () => {
    const steps = fc.array(
      fc.constantFrom<Step>(
        'subscribe',
        'subscribe',
        'close',
        'turn',
        'turn',
        'answer',
        'answer',
        'refuse',
        'event',
        'cut',
        'time',
      ),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const { server, clock, createClient } = harness
        const requests: Request[] = []
        const live = () => requests.filter(({ signal }) => !signal.aborted)
        const client = createClient({
          fetch: (request) => {
            requests.push(request)
            return fetch(request)
          },
        })
        const before = server.exchanges.length
        const subscriptions: { close(): void }[] = []
        let offset = 0
        for (const [index, step] of script.entries()) {
          const last = server.exchanges.slice(before).findLast(({ gone }) => !gone)
          const begun = last?.response.headersSent
          if (step === 'subscribe') subscriptions.push(client.subscribe(`orders/${index}`, () => {}))
          else if (step === 'close') subscriptions.shift()?.close()
          else if (step === 'turn') for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
          else if (step === 'time') clock.advance(40_000)
          else if (step === 'answer' && begun === false) last?.open(`k.${offset}`)
          else if (step === 'refuse' && begun === false) last?.answer(503)
          else if (step === 'event' && begun === true) last?.frame({ id: `k.${++offset}` })
          else if (step === 'cut') last?.cut()
          expect(live().length).toBeLessThanOrEqual(2)
        }
        await client.close()
        expect(live()).toEqual([])
        expect(clock.pending).toEqual([])
        const { length } = requests
        clock.advance(100_000)
        await new Promise(setImmediate)
        expect(requests).toHaveLength(length)
        expect(client.status).toEqual({ state: 'closed' })
      }),
      { numRuns: 150 },
    )
  })
})

describe('a `fetch` that does not obey its signal', () => {
  it.each(['the headers', 'the answer', 'the first frame', 'more bytes'])(
    'is left behind while it waits for %s',
    async (moment) => {
      const { clock, createClient } = harness
      const cancelled = new Seen<string>()
      const late = Promise.withResolvers<void>()
      const client = createClient({
        headers: async () => {
          if (moment === 'the headers') await late.promise
          return {}
        },
        fetch: async () => {
          if (moment === 'the answer') await late.promise
          const frame = 'id: k.0\nevent: millrace.open\ndata: {"verdict":"fresh","heartbeat":15000}\n\n'
          return new Response(
            new ReadableStream<Uint8Array>({
              start(controller) {
                if (moment === 'more bytes') controller.enqueue(new TextEncoder().encode(frame))
              },
              cancel: () => cancelled.push('body'),
            }),
            { headers: { 'content-type': 'text/event-stream' } },
          )
        },
      })
      client.subscribe(order)
      if (moment === 'more bytes') await untilState(client, 'open')
      else await clock.timer(10_000)
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
      await client.close()
      late.resolve()
      if (moment !== 'the headers') expect(await cancelled.count(1)).toEqual(['body'])
      expect(clock.pending).toEqual([])
    },
  )
})

describe('a process', () => {
  const program = (body: string) => `
    import { createServer } from 'node:http'
    import { once } from 'node:events'
    import { createEventClient } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
    const frame = 'retry: 60000\\nid: k.0\\nevent: millrace.open\\ndata: {"verdict":"fresh","heartbeat":60000}\\n\\n'
    const server = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(frame)
      response.on('close', () => server.close())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = createEventClient({ url: 'http://127.0.0.1:' + server.address().port })
    const until = (state) => new Promise((resolve) => client.onStatus((status) => status.state === state && resolve()))
    ${body}
    console.log('end')
  `
  it.each([
    [
      'once its client is closed',
      `client.subscribe('orders/1', () => {}); await until('open'); await client.close()`,
    ],
    [
      'once its last subscription is closed',
      `const s = client.subscribe('orders/1', () => {}); await until('open'); s.close(); await until('idle')`,
    ],
    [
      'once a waiting client is closed',
      `client.subscribe('orders/1', () => {}); await until('open'); server.closeAllConnections(); await until('waiting'); await client.close()`,
    ],
  ])('ends by itself %s', async (_, body) => {
    const child = spawn(
      process.execPath,
      [
        '--conditions=@millrace/source',
        '--input-type=module-typescript',
        '--disable-warning=ExperimentalWarning',
        '--eval',
        program(body),
      ],
      { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output += data
      })
    const [code] = await once(child, 'close')
    expect({ code, output }).toEqual({ code: 0, output: 'end\n' })
  })
})
