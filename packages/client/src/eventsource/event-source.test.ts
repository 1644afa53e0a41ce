import { spawn } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { collectGarbage } from '../collect-garbage.fixture.ts'
import { EventSource, type EventSourceErrorEvent, type EventSourceOptions } from '../eventsource.ts'
import { FakeClock } from '../fake-clock.fixture.ts'
import { FakePage, restorePages } from '../page.fixture.ts'
import { StreamServer } from '../stream-server.fixture.ts'
import { type Answer, addressOf, newKey, type Part } from './resource.fixture.ts'
import { ResourceServer } from './resource-server.fixture.ts'

// What is ours beside the standard, whose own behaviour is held by `standard.test.ts` and `standard.browser.test.ts`.

let server: ResourceServer
let other: ResourceServer
let clock: FakeClock
let sources: EventSource[]

beforeEach(async () => {
  server = await ResourceServer.start()
  other = await ResourceServer.start()
  clock = new FakeClock()
  sources = []
})
afterEach(async () => {
  for (const source of sources) source.close()
  await server.stop()
  await other.stop()
})

/** Opens a source on the test's clock, with the least of all waits. */
function open(url: string, options: EventSourceOptions = {}): EventSource {
  const source = new EventSource(url, { clock, random: () => 0, ...options })
  sources.push(source)
  return source
}

function resource(key: string, ...answers: readonly Answer[]): string {
  return addressOf(server.origin, { key, answers })
}

function next<E extends Event = MessageEvent>(source: EventSource, type = 'message'): Promise<E> {
  return new Promise((resolve) => {
    source.addEventListener(type, (event) => resolve(event as Event as E), { once: true })
  })
}

const failure = async (source: EventSource) => (await next<EventSourceErrorEvent>(source, 'error')).error

/** Lets the wait for the next attempt pass, which must be as long. */
async function pass(milliseconds: number): Promise<void> {
  await clock.timer(milliseconds)
  clock.advance(milliseconds)
}

const echo = (header: string): Part[] => ['data: ', { header, otherwise: 'NONE' }, '\n\n']

describe('headers', () => {
  it('go with each request', async () => {
    const source = open(resource(newKey(), { body: echo('x-tenant'), end: 'hold' }), {
      headers: { 'x-tenant': '7', accept: 'text/html' },
    })
    expect((await next(source)).data).toBe('7')
  })

  it('are asked for before each attempt', async () => {
    let count = 0
    const answer = { body: echo('authorization') }
    const source = open(resource(newKey(), answer, answer), {
      headers: async () => ({ authorization: `Bearer ${++count}` }),
    })
    expect((await next(source)).data).toBe('Bearer 1')
    await pass(3_100)
    expect((await next(source)).data).toBe('Bearer 2')
  })

  it('may be missing for now', async () => {
    const answers = [new Error('no token yet'), { authorization: 'Bearer 1' }]
    const source = open(resource(newKey(), { body: echo('authorization'), end: 'hold' }), {
      headers: () => {
        const answer = answers.shift()
        if (answer === undefined || answer instanceof Error) throw answer
        return answer
      },
    })
    expect(await failure(source)).toMatchObject({ reason: 'headers', final: false })
    await pass(3_100)
    expect((await next(source)).data).toBe('Bearer 1')
  })

  it('that cannot be are refused at once', () => {
    expect(() => open(server.origin, { headers: { 'not a name': '' } })).toThrow(TypeError)
  })

  it('may say where to begin, until the stream says otherwise', async () => {
    const key = newKey()
    const source = open(
      resource(
        key,
        { body: ['data: 1\n\n'] },
        { body: ['id: 8\ndata: 2\n\n'] },
        { body: ['id\ndata: 3\n\n'] },
        { end: 'hold' },
      ),
      { headers: { 'Last-Event-ID': '7' } },
    )
    const ids = [(await next(source)).lastEventId]
    for (let round = 0; round < 2; round++) {
      await pass(3_100)
      ids.push((await next(source)).lastEventId)
    }
    await pass(3_100)
    await next(source, 'open')
    expect(ids).toEqual(['7', '8', ''])
    expect(server.requests(key).map(({ headers }) => headers['last-event-id'])).toEqual([
      '7',
      '7',
      '8',
      undefined,
    ])
  })

  it('do not follow a redirect to another origin', async () => {
    const key = newKey()
    const target = addressOf(other.origin, { key, answers: [{ body: ['data: 1\n\n'], end: 'hold' }] })
    const hop = newKey()
    const home = resource(hop, { status: 307, type: null, headers: { location: target } })
    const redirect = { status: 302, type: null, headers: { location: home } }
    const source = open(resource(newKey(), redirect), {
      headers: { authorization: 'secret', 'x-key': 'secret' },
    })
    const { origin } = await next(source)
    expect(origin).toBe(other.origin)
    // One within the origin keeps them.
    expect(server.requests(hop)[0]?.headers).toMatchObject({ authorization: 'secret', 'x-key': 'secret' })
    const [asked] = other.requests(key)
    expect(asked?.headers.accept).toBe('text/event-stream')
    expect(JSON.stringify(asked)).not.toContain('secret')
  })

  it('do not go round in circles', async () => {
    const key = newKey()
    const round = { status: 302, type: null, headers: { location: '#' } }
    const source = open(resource(key, round), { headers: { 'x-key': '1' } })
    expect(await failure(source)).toMatchObject({ reason: 'network', final: false })
    expect(server.requests(key)).toHaveLength(21)
  })

  it('do not go where nothing can be fetched from', async () => {
    const away = { status: 302, type: null, headers: { location: 'mailto:nobody@example.invalid' } }
    const source = open(resource(newKey(), away), { headers: { 'x-key': '1' } })
    expect(await failure(source)).toMatchObject({ reason: 'network', final: true })
  })
})

describe('the time between attempts', () => {
  const cut: Answer = { body: [], end: 'end' }

  it('is that of the server, and a fifth more at most', async () => {
    const source = open(resource(newKey(), { body: ['retry: 10000\n'] }, cut), { random: () => 1 })
    await failure(source)
    await pass(12_000)
    expect(await failure(source)).toMatchObject({ reason: 'ended', final: false })
  })

  it('grows while nothing comes, and is short again once something has', async () => {
    const something = { body: [':\n'] }
    const source = open(resource(newKey(), cut, cut, cut, something, cut), { random: () => 1 })
    for (const wait of [3_600, 4_200, 5_400, 3_600, 4_200]) {
      await failure(source)
      await pass(wait)
    }
  })

  it('is short after a stream that lasted, though it brought nothing', async () => {
    const key = newKey()
    const source = open(resource(key, cut, cut, { end: 'hold' }), { random: () => 1 })
    await failure(source)
    await pass(3_600)
    await failure(source)
    await pass(4_200)
    await next(source, 'open')
    clock.advance(5_000)
    const error = failure(source)
    server.cut(key)
    await error
    await clock.timer(3_600)
  })

  it.each([
    ['0', 100],
    ['1', 101],
    ['99999999999999999999', 300_100],
  ])('of `retry: %s` is %i ms', async (retry, wait) => {
    const source = open(resource(newKey(), { body: [`retry: ${retry}\n`] }))
    await failure(source)
    await clock.timer(wait)
    expect(clock.pending).toEqual([wait])
  })
})

describe('the end', () => {
  it.each([204, 401, 404, 503])('comes with status %i, which the event tells', async (status) => {
    const source = open(resource(newKey(), { status, type: null }))
    expect(await failure(source)).toMatchObject({ reason: 'status', status, final: true })
    expect(source.readyState).toBe(EventSource.CLOSED)
    expect(clock.pending).toEqual([])
  })

  it('comes with the server’s own words', async () => {
    const problem = { status: 403, type: 'application/problem+json', body: ['{"detail":"Not yours"}'] }
    expect(await failure(open(resource(newKey(), problem)))).toMatchObject({
      message: expect.stringContaining('Not yours'),
      problem: { detail: 'Not yours' },
    })
  })

  it('comes with an event that never ends', async () => {
    const endless = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\ndata: ')),
      pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20).fill(120)),
    })
    const headers = { 'content-type': 'text/event-stream' }
    const source = open(server.origin, { fetch: async () => new Response(endless, { headers }) })
    const error = failure(source)
    expect((await next(source)).data).toBe('1')
    expect(await error).toMatchObject({ reason: 'protocol', final: true })
  })

  it('comes with an id that no header can hold', async () => {
    const source = open(resource(newKey(), { body: ['id: \x01\ndata: 1\n\n'] }))
    await failure(source)
    await pass(3_100)
    expect(await failure(source)).toMatchObject({
      final: true,
      message: expect.stringContaining('last event id'),
    })
  })

  it('comes with a request that there cannot be', async () => {
    expect(await failure(open('http://name:secret@localhost/'))).toMatchObject({ final: true })
  })

  it('does not come with a body that is none of bytes, which is let go', async () => {
    let cancelled = false
    const texts = new ReadableStream({
      start: (controller) => controller.enqueue('data: 1\n\n'),
      cancel: () => {
        cancelled = true
      },
    })
    const headers = { 'content-type': 'text/event-stream' }
    const source = open(server.origin, {
      fetch: async () => ({ status: 200, headers: new Headers(headers), body: texts }) as unknown as Response,
    })
    expect(await failure(source)).toMatchObject({ reason: 'network', final: false })
    expect(cancelled).toBe(true)
  })

  it('does not come with a server that is not there', async () => {
    const gone = await ResourceServer.start()
    const { origin } = gone
    await gone.stop()
    const source = open(origin)
    expect(await failure(source)).toMatchObject({ reason: 'network', final: false })
    expect(source.readyState).toBe(EventSource.CONNECTING)
  })
})

describe('close()', () => {
  it('ends a request that is not answered', async () => {
    const key = newKey()
    const source = open(resource(key, { body: [], end: 'hold' }), {
      fetch: async (request) => {
        await fetch(request)
        // The answer never gets to the source.
        return new Promise(() => {})
      },
    })
    await expect.poll(() => server.open(key)).toBe(1)
    source.close()
    await expect.poll(() => server.open(key)).toBe(0)
  })

  // Node's `Request` hears of its signal no more once it is collected.
  it('ends a request that the server does not answer, however long it waits', async () => {
    const silent = await StreamServer.start()
    const source = open(`${silent.url}?topic=orders/42`)
    const request = await silent.next()
    await collectGarbage()
    source.close()
    await request.closed
    await silent.stop()
  })

  it('ends an open stream, and is what a signal does', async () => {
    const key = newKey()
    const controller = new AbortController()
    const source = open(resource(key, { end: 'hold' }), { signal: controller.signal })
    await next(source, 'open')
    controller.abort()
    expect(source.readyState).toBe(EventSource.CLOSED)
    await expect.poll(() => server.open(key)).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  it('leaves nothing with the signal', async () => {
    const { signal } = new AbortController()
    const source = open(resource(newKey(), { status: 404 }), { signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await failure(source)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('was called already where the signal was aborted', async () => {
    let asked = 0
    const source = open(server.origin, {
      signal: AbortSignal.abort(),
      fetch: async () => {
        asked++
        return new Response()
      },
    })
    expect(source.readyState).toBe(EventSource.CLOSED)
    await new Promise(setImmediate)
    expect(asked).toBe(0)
  })

  it('ends the wait for the next attempt', async () => {
    const key = newKey()
    const source = open(resource(key, { body: [] }))
    await failure(source)
    await clock.timer(3_100)
    source.close()
    expect(clock.pending).toEqual([])
    clock.advance(10_000)
    await new Promise(setImmediate)
    expect(server.requests(key)).toHaveLength(1)
  })

  it('in the handler of an error leaves no wait behind', async () => {
    const source = open(resource(newKey(), { body: [] }))
    await new Promise<void>((resolve) => {
      source.onerror = () => {
        source.close()
        resolve()
      }
    })
    await new Promise(setImmediate)
    expect(clock.pending).toEqual([])
  })

  it('comes before an event that is underway', async () => {
    const seen: string[] = []
    const source = open(server.origin, {
      fetch: async () => {
        setImmediate(() => source.close())
        return new Response('data: 1\n\n', { headers: { 'content-type': 'text/event-stream' } })
      },
    })
    for (const type of ['open', 'message', 'error']) source.addEventListener(type, () => seen.push(type))
    for (let count = 0; count < 5; count++) await new Promise(setImmediate)
    expect(seen).toEqual([])
  })

  it('leaves nothing, whenever it comes', async () => {
    const turn = () => new Promise(setImmediate)
    let finished = false
    for (let turns = 0; !finished; turns++) {
      const open = new Set<ReadableStream>()
      let asked = 0
      const answer = async (): Promise<Response> => {
        asked++
        await turn()
        const body = new ReadableStream({
          async pull(controller) {
            await turn()
            if (!open.has(body)) return
            controller.enqueue(new TextEncoder().encode('data: 1\n\nid: 2\n\ndata: 3\n\n'))
            controller.close()
            open.delete(body)
          },
          cancel: () => void open.delete(body),
        })
        open.add(body)
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      }
      const time = new FakeClock()
      const source = new EventSource('http://server.test/', {
        headers: async () => turn().then(() => ({})),
        fetch: answer,
        clock: time,
        heartbeat: 100_000,
        random: () => 0,
      })
      let events = 0
      for (const type of ['open', 'message', 'error']) source.addEventListener(type, () => events++)
      // Twice to the end of a stream, and into the wait after it.
      for (let count = 0; count < turns; count++) {
        await turn()
        if (time.pending.includes(3_100) && asked === 1) time.advance(3_100)
        finished = asked === 2 && time.pending.includes(3_100)
      }
      source.close()
      const before = { events, asked }
      for (let count = 0; count < 20; count++) {
        await turn()
        time.advance(3_100)
      }
      expect({ events, asked, pending: time.pending, open: open.size }, `${turns} turns`).toEqual({
        ...before,
        pending: [],
        open: 0,
      })
    }
  })

  it('lets go of an answer that comes after it', async () => {
    let bring = (_: Response): void => {}
    const late = new Promise<Response>((resolve) => {
      bring = resolve
    })
    const source = open(server.origin, { fetch: () => late })
    const cancelled = new Promise<void>((resolve) => {
      const body = new ReadableStream({ cancel: () => resolve() })
      setImmediate(() => {
        source.close()
        bring(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
      })
    })
    await cancelled
  })
})

describe('a page that is left', () => {
  restorePages()
  afterEach(() => vi.unstubAllGlobals())

  it.each([true, false])('has no stream, for a browser may leave it open (kept: %s)', async (persisted) => {
    const page = FakePage.use()
    vi.stubGlobal('onpagehide', null)
    const left: AbortSignal[] = []
    const source = new EventSource(resource(newKey(), { body: ['data: 1\n\n'], end: 'hold' }), {
      clock,
      fetch: (request) => {
        left.push(request.signal)
        return fetch(request)
      },
    })
    await next(source)
    const failed = failure(source)
    page.tell('pagehide', persisted)
    expect((await failed)?.reason).toBe('network')
    expect(left.map(({ aborted }) => aborted)).toEqual([true])
    source.close()
  })
})

describe('a heartbeat', () => {
  it('that is missing ends a link that seems to be open', async () => {
    const key = newKey()
    const answers = ['1', '2'].map((data): Answer => ({ body: [`data: ${data}\n\n`], end: 'hold' }))
    const source = open(resource(key, ...answers), { heartbeat: 1_000 })
    await next(source)
    const error = failure(source)
    await pass(2_500)
    expect(await error).toMatchObject({ reason: 'silent', final: false })
    expect(source.readyState).toBe(EventSource.CONNECTING)
    await expect.poll(() => server.open(key)).toBe(0)
    await pass(3_100)
    expect((await next(source)).data).toBe('2')
  })

  it('is waited for from the request on', async () => {
    const source = open(server.origin, { heartbeat: 1_000, fetch: () => new Promise(() => {}) })
    const error = failure(source)
    await pass(2_500)
    expect(await error).toMatchObject({ reason: 'silent', final: false })
  })

  it('is watched for by no timer where none is promised', async () => {
    await next(open(resource(newKey(), { end: 'hold' })), 'open')
    expect(clock.pending).toEqual([])
  })
})

describe('a process', () => {
  it('lives while a source waits, and ends by itself once it is closed', async () => {
    const url = resource(
      newKey(),
      { body: ['retry: 0\ndata: 1\n\n'] },
      { body: ['data: 2\n\n'] },
      { end: 'hold' },
    )
    const module = pathToFileURL(join(import.meta.dirname, '../eventsource.ts')).href
    const script = `
      import { EventSource } from ${JSON.stringify(module)}
      const source = new EventSource(${JSON.stringify(url)})
      source.onmessage = ({ data }) => console.log(data)
      let opened = 0
      source.onopen = () => ++opened === 3 && source.close()`
    const child = spawn(
      process.execPath,
      ['--conditions=@millrace/source', '--input-type=module', '--eval', script],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    expect([output, code]).toEqual(['1\n2\n', 0])
  })
})
