import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { memoryLog } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ServerClosedError } from '../errors.ts'
import { fetchStream, openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'
import { createFetchSink } from './fetch-sink.ts'
import { fillSocket } from './fill-socket.fixture.ts'

const ways = [
  { name: 'on a socket', takeSockets: true },
  { name: 'by a response', takeSockets: false },
]
const drain = { event: controlEvent.bye, data: { reason: 'drain', retryable: true } }
const lastRetry = (text: string) =>
  Number(
    text
      .match(/^retry: (\d+)$/gm)
      ?.at(-1)
      ?.slice('retry: '.length),
  )

describe('close', () => {
  it('says good-bye to every stream, and ends it', async () => {
    const { url, events, place, clock } = await serve()
    const streams = [await openStream(url('/orders/1')), await fetchStream(events, '/events/orders/2')]
    for (const stream of streams) await stream.next()
    await place('1', 1)
    const closing = events.close()
    clock.advance(4_000)
    await closing
    expect(await streams[0]?.rest()).toMatchObject([{ id: 'e1.1' }, { ...drain, id: 'e1.1' }])
    // A quiet stream is told where it was.
    expect(await streams[1]?.rest()).toMatchObject([
      { event: '', id: 'e1.1' },
      { ...drain, id: 'e1.1' },
    ])
    for (const stream of streams) expect(await stream.ended).toBeUndefined()
  })

  it('ends them one after the other, evenly over four fifths of the time, and publishes meanwhile', async () => {
    const { events, clock, place } = prepare()
    const streams = await Promise.all(
      Array.from({ length: 10 }, () => fetchStream(events, '/events/orders/1')),
    )
    const open = new Set(streams)
    for (const stream of streams) void stream.ended.then(() => open.delete(stream))
    const closing = events.close({ drain: 10_000 })
    for (let left = 9; left > 0; left -= 1) {
      await turn()
      expect(open.size).toBe(left)
      clock.advance(799)
      await turn()
      expect(open.size).toBe(left)
      clock.advance(1)
    }
    await closing
    expect(open.size).toBe(0)
    expect(events.stats().closed).toMatchObject({ drain: 10 })
    await expect(place('1', 1)).rejects.toThrow(ServerClosedError)
  })

  it('brings what is published meanwhile to those who are still there', async () => {
    const { events, clock, place } = prepare()
    const streams = await Promise.all([1, 2].map(() => fetchStream(events, '/events/orders/1')))
    const closing = events.close({ drain: 10_000 })
    await place('1', 7)
    clock.advance(8_000)
    await closing
    const brought = await Promise.all(
      streams.map(async (stream) => (await stream.rest()).map(({ event }) => event)),
    )
    expect(brought).toEqual([
      [controlEvent.open, controlEvent.bye],
      [controlEvent.open, 'placed', controlEvent.bye],
    ])
  })

  it('says so from its beginning', async () => {
    const { events, clock } = prepare()
    const streams = await Promise.all([1, 2].map(() => fetchStream(events, '/events/orders/1')))
    expect(events.ready).toBe(true)
    const closing = events.close()
    expect(events.ready).toBe(false)
    clock.advance(4_000)
    await closing
    for (const stream of streams) await stream.ended
    expect(events.ready).toBe(false)
  })

  it('spreads the times to come back, too', async () => {
    const { events } = prepare({ retry: 1_000, random: () => 0.9 })
    const stream = await fetchStream(events, '/events/orders/1')
    await events.close({ drain: 0 })
    await stream.ended
    expect(lastRetry(stream.text)).toBe(1_900)
  })

  it.each(ways)(
    'ends no stream in the middle of a frame, however much is being sent, $name',
    async ({ takeSockets }) => {
      const { port, events, clock } = await serve({ takeSockets })
      const clients = [1, 2, 3].map(() => openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x'))
      for (const { reader } of clients) await reader.until(() => reader.text.includes('millrace.open'))
      const data = { total: 1, note: 'x'.repeat(50_000) }
      const publishing = Array.from({ length: 100 }, () =>
        events.publish(shop.orders({ orderId: '1' }), 'placed', data),
      )
      await publishing[0]
      const closing = events.close()
      clock.advance(4_000)
      for (const { reader, socket } of clients) {
        // A whole frame, a blank line, and then what ends a chunk and the chunks.
        await reader.until(() => reader.text.endsWith('"reason":"drain","retryable":true}\n\n\r\n0\r\n\r\n'))
        const frames = reader.text.split('\n\n')
        expect(
          frames.filter((frame) => frame.includes('event: placed')).every((frame) => frame.endsWith('"}')),
        ).toBe(true)
        socket.destroy()
      }
      await closing
      await Promise.all(publishing)
    },
  )

  it.each(ways)(
    'cuts who takes nothing when the time is over, and nobody before, $name',
    async ({ takeSockets }) => {
      const sockets: Socket[] = []
      const { port, events, clock } = await serve({ takeSockets, onSocket: (socket) => sockets.push(socket) })
      const { socket } = openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x')
      socket.pause()
      while (events.stats().connections === 0) await turn()
      const [stuck] = sockets as [Socket]
      await fillSocket(events, stuck)
      const reading = await fetchStream(events, '/events/orders/2')
      let closed = false
      const closing = events.close({ drain: 3_000 }).then(() => {
        closed = true
      })
      clock.advance(2_400)
      await reading.ended
      clock.advance(599)
      await turn()
      expect(closed).toBe(false)
      expect(stuck.destroyed).toBe(false)
      clock.advance(1)
      await closing
      expect(stuck.destroyed).toBe(true)
      await turn()
      expect(clock.timers).toBe(0)
    },
  )

  it('waits for what a fetch runtime has not taken yet', async () => {
    const { events, place } = prepare()
    const { body } = await events.fetch(new Request('http://x/events/orders/1'))
    await place('1', 1)
    let closed = false
    const closing = events.close().then(() => {
      closed = true
    })
    await turn()
    expect(closed).toBe(false)
    expect(await new Response(body).text()).toMatch(/"total":1.*"reason":"drain"/s)
    await closing
  })

  it('is one promise, however often it is called', async () => {
    const { events } = prepare()
    const closing = events.close()
    expect(events.close({ drain: 1 })).toBe(closing)
    await closing
    expect(events.close()).toBe(closing)
  })

  it('lets publish until it is done, and then no more; the log stays open', async () => {
    const { events, place, log } = prepare()
    const { body } = await events.fetch(new Request('http://x/events/orders/1'))
    const closing = events.close()
    await expect(place('1', 1)).resolves.toEqual(['e1.1'])
    await body?.cancel()
    await closing
    const late = place('1', 2)
    await expect(late).rejects.toThrow(ServerClosedError)
    await expect(late).rejects.toMatchObject({ code: 'server-closed' })
    expect(await log.bounds()).toMatchObject({ head: 1 })
  })

  it('leaves no timer behind', async () => {
    const { events, clock } = prepare()
    const stream = await fetchStream(events, '/events/orders/1')
    await events.close({ drain: 60_000 })
    await stream.ended
    expect(clock.timers).toBe(0)
  })

  it('is what `await using` does', async () => {
    let stream: Awaited<ReturnType<typeof fetchStream>> | undefined
    {
      const { events } = prepare()
      await using using = events
      stream = await fetchStream(using, '/events/orders/1')
    }
    expect((await stream.rest()).at(-1)).toMatchObject(drain)
  })
})

it.each(ways)(
  '500 clients are ended one after the other, each after a whole frame, and the server of Node can end as well, $name',
  async ({ takeSockets }) => {
    const { port, events, clock, server, place } = await serve({ takeSockets })
    const clients = Array.from({ length: 500 }, () =>
      openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x'),
    )
    for (const { reader } of clients) await reader.until(() => reader.text.includes('millrace.open'))
    const closing = events.close({ drain: 10_000 })
    // The first one is ended at once.
    for (let [ended, second] = [1, 1]; second <= 8; second += 1) {
      await place('1', second)
      clock.advance(1_000)
      ended = Math.min(500, ended + 62.5)
      const over = () => clients.filter(({ reader }) => reader.text.endsWith('\r\n0\r\n\r\n')).length
      while (over() < Math.floor(ended)) await turn()
      expect(over()).toBe(Math.floor(ended))
    }
    await closing
    const brought = clients.map(({ reader }) => reader.text.match(/^event: placed$/gm)?.length ?? 0)
    // One each 16 ms, and an event each second.
    const expected = Array.from({ length: 500 }, (_, index) => Math.ceil((index * 16) / 1_000))
    expect(brought.sort((a, b) => a - b)).toEqual(expected)
    for (const { reader, socket } of clients) {
      expect(reader.text).toMatch(/"reason":"drain","retryable":true}\n\n\r\n0\r\n\r\n$/)
      socket.end()
    }
    await new Promise((resolve) => server.close(resolve))
  },
)

describe('while it closes, and afterwards, a new stream', () => {
  it('is refused, and told when to come back', async () => {
    const { url, events } = await serve()
    await events.close()
    const stream = await openStream(url('/orders/1?v=1'))
    expect(stream).toMatchObject({ status: 503, headers: { 'retry-after': '3' } })
    await stream.ended
    expect(JSON.parse(stream.text)).toMatchObject({
      code: 'unavailable',
      detail: 'The server is shutting down',
    })
  })

  it("of a browser's own EventSource is ended with 200 and a time, and keeps its cursor", async () => {
    const { url, events } = await serve()
    await events.close()
    const headers = { accept: 'text/event-stream', 'last-event-id': 'e1.7' }
    const stream = await openStream(url('/orders/1'), { headers })
    expect(stream).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    })
    expect(await stream.rest()).toEqual([{ ...drain, id: 'e1.7' }])
    expect(stream.text).toMatch(/^retry: 3000$/m)
  })

  it('of a browser whose cursor cannot be read gets one that always ends in a reset', async () => {
    const { url, events } = await serve()
    await events.close()
    const headers = { accept: 'text/event-stream', 'last-event-id': 'lost' }
    const stream = await openStream(url('/orders/1'), { headers })
    expect(await stream.rest()).toEqual([{ ...drain, id: '0.0' }])
  })

  it('that was accepted and not yet opened is opened and ended, with a time that is spread like the others', async () => {
    const { events, clock } = prepare({ random: () => 0.25 })
    const accepted = await events['~streams'].answer({
      method: 'GET',
      path: '/events/orders/1',
      query: new URLSearchParams(),
      length: 16,
      header: () => undefined,
      body: () => Promise.resolve(''),
    })
    await events.close()
    let body: ReadableStream | undefined
    accepted.stream?.((observer) => {
      const sink = createFetchSink(observer, undefined)
      body = sink.body
      return sink
    })
    const text = await new Response(body ?? null).text()
    expect(text).toMatch(/event: millrace\.open.*event: millrace\.bye\ndata: {"reason":"drain"/s)
    expect(lastRetry(text)).toBe(2_500)
    expect(clock.timers).toBe(0)
  })

  it('that waits for the log is refused or ended', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { events, clock } = prepare({ log })
    const letGo = log.hold('bounds')
    const asked = Array.from({ length: 3 }, () => fetchStream(events, '/events/orders/1'))
    await turn()
    letGo()
    const closing = events.close()
    for (const stream of await Promise.all(asked)) {
      await stream.ended
      expect(stream.text).toMatch(/"code":"unavailable"|"reason":"drain"/)
    }
    await closing
    expect(clock.timers).toBe(0)
  })
})

it('a process that drains at SIGTERM ends by itself, with its streams at their end', async () => {
  const child = start(new URL('./drain-server.fixture.ts', import.meta.url))
  const [port] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  const stream = await openStream(`http://127.0.0.1:${Number(port)}/events/orders/1`)
  await stream.next()
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  expect((await stream.rest()).at(-1)).toMatchObject(drain)
  expect(await stream.ended).toBeUndefined()
  expect(await exited).toEqual([0, null])
})

function start(file: URL): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=@millrace/source', fileURLToPath(file)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}
