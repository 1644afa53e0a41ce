import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { collectGarbage } from '../fixtures/collect-garbage.fixture.ts'
import { fetchStream, openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'
import { fillSocket } from './fill-socket.fixture.ts'

// There is place for one stream only, so one that was left behind would keep the next one out.
const limits = { connections: 1, ringBytes: 1 }

async function serveOne(takeSockets: boolean) {
  const log = troubledLog(memoryLog({ epoch: 'e1' }))
  const sockets: Socket[] = []
  let asked = 0
  const served = await serve({
    log,
    limits,
    takeSockets,
    onSocket: (socket) => sockets.push(socket),
    onResponse: () => {
      asked += 1
    },
  })
  const { url, port, errors, clock } = served
  return {
    ...served,
    log,
    /** Asks by a bare socket, and resolves with the server's side of it once that has the request. */
    async ask(rest: string) {
      const before = asked
      const raw = openRaw(port, `GET /events${rest} HTTP/1.1`, 'Host: x')
      while (asked === before) await turn()
      const server = sockets.at(-1) as Socket
      return {
        ...raw,
        server,
        async leave() {
          const closed = new Promise((resolve) => server.once('close', resolve))
          raw.socket.destroy()
          await closed
        },
      }
    },
    /** Nothing is left of those who came before. */
    async expectRoom() {
      await turn()
      expect(clock.timers).toBe(0)
      expect(errors).toEqual([])
      const next = await openStream(url('/orders/2?from=now'))
      expect(next.status).toBe(200)
      await next.next()
      next.leave()
    },
  }
}

describe.each([
  { name: 'on a socket', takeSockets: true },
  { name: 'by a response', takeSockets: false },
])('a client that leaves, $name,', ({ takeSockets }) => {
  it('before it was answered', async () => {
    const { log, ask, expectRoom } = await serveOne(takeSockets)
    const letGo = log.hold('bounds')
    const { leave } = await ask('/orders/1')
    await leave()
    letGo()
    await expectRoom()
  })

  it('while its body is read', async () => {
    const { port, expectRoom, errors } = await serveOne(takeSockets)
    const { socket, reader } = openRaw(port, 'POST /events HTTP/1.1', 'Host: x', 'Content-Length: 50')
    socket.write('{')
    await turn()
    socket.destroy()
    await reader.ended
    await expectRoom()
    expect(errors).toEqual([])
  })

  it('right after the head', async () => {
    const { ask, expectRoom } = await serveOne(takeSockets)
    const { reader, leave } = await ask('/orders/1')
    await reader.until(() => reader.text.includes('\r\n'))
    await leave()
    await expectRoom()
  })

  it('while its replay is read', async () => {
    const { log, ask, expectRoom, place } = await serveOne(takeSockets)
    await place('1', 1, 2, 3)
    const letGo = log.hold('read')
    const { reader, server, leave } = await ask('/orders/1?from=earliest')
    await reader.until(() => reader.text.includes('millrace.open'))
    await leave()
    const written: unknown[] = []
    server.write = ((chunk: unknown) => written.push(chunk)) as unknown as typeof server.write
    letGo()
    await turn()
    expect(written).toEqual([])
    await expectRoom()
  })

  it('while it is live, and nothing more is written for it', async () => {
    const { ask, expectRoom, place } = await serveOne(takeSockets)
    const { reader, server, leave } = await ask('/orders/1')
    await reader.until(() => reader.text.includes('millrace.open'))
    await leave()
    const written: unknown[] = []
    server.write = ((chunk: unknown) => written.push(chunk)) as unknown as typeof server.write
    await place('1', 1, 2)
    await expectRoom()
    expect(written).toEqual([])
  })

  it('while its socket is full', async () => {
    const { ask, expectRoom, events } = await serveOne(takeSockets)
    const { socket, server, leave } = await ask('/orders/1')
    socket.pause()
    while (events.stats().connections === 0) await turn()
    await fillSocket(events, server)
    expect(server.writableLength).toBeGreaterThan(0)
    await leave()
    await expectRoom()
  })
})

describe('behind the fetch handler, one that leaves', () => {
  const ways = ['by aborting', 'by cancelling the body', 'by both'] as const
  const prepareOne = () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    return { ...prepare({ log, limits }), log }
  }

  it('before it was asked', async () => {
    const { events, clock } = prepareOne()
    const signal = AbortSignal.abort()
    await events.fetch(new Request('http://x/events/orders/1', { signal }))
    expect(clock.timers).toBe(0)
  })

  it('before it was answered', async () => {
    const { events, clock, log } = prepareOne()
    const leaving = new AbortController()
    const letGo = log.hold('bounds')
    const answer = events.fetch(new Request('http://x/events/orders/1', { signal: leaving.signal }))
    await turn()
    leaving.abort()
    letGo()
    await answer
    expect(clock.timers).toBe(0)
  })

  it.each(ways)('before it read anything, %s', async (way) => {
    const { events, clock } = prepareOne()
    const leaving = new AbortController()
    const { body } = await events.fetch(new Request('http://x/events/orders/1', { signal: leaving.signal }))
    expect(clock.timers).toBe(1)
    if (way !== 'by aborting') await body?.cancel()
    if (way !== 'by cancelling the body') leaving.abort()
    expect(clock.timers).toBe(0)
    expect((await fetchStream(events, '/events/orders/1')).status).toBe(200)
  })

  it.each(ways)('while its replay is read, %s', async (way) => {
    const { events, clock, log, place, errors } = prepareOne()
    await place('1', 1)
    const letGo = log.hold('read')
    const leaving = new AbortController()
    const { body } = await events.fetch(
      new Request('http://x/events/orders/1?from=earliest', { signal: leaving.signal }),
    )
    if (way !== 'by aborting') await body?.cancel()
    if (way !== 'by cancelling the body') leaving.abort()
    letGo()
    await turn()
    expect(clock.timers).toBe(0)
    expect(errors).toEqual([])
  })

  // Node's `Request` hears of its signal no more once it is collected.
  it('by aborting, however long it was there', async () => {
    const { events, clock } = prepareOne()
    const leaving = new AbortController()
    const { body } = await events.fetch(new Request('http://x/events/orders/1', { signal: leaving.signal }))
    await collectGarbage()
    leaving.abort()
    expect(clock.timers).toBe(0)
    expect(body?.locked).toBe(false)
  })

  it('is not kept in memory', async () => {
    const { events } = prepareOne()
    const left = await leaveOne()
    const gone = () => left.every((reference) => reference.deref() === undefined)
    for (let collections = 0; collections < 7 && !gone(); collections += 1) await collectGarbage()
    expect(gone()).toBe(true)

    // In a function of its own, so that nothing of it stays on the stack.
    async function leaveOne(): Promise<readonly WeakRef<object>[]> {
      const leaving = new AbortController()
      const request = new Request('http://x/events/orders/1', { signal: leaving.signal })
      const { body } = await events.fetch(request)
      leaving.abort()
      return [new WeakRef(body as object), new WeakRef(request)]
    }
  })

  it('a thousand times over', async () => {
    const { events, clock, place } = prepareOne()
    for (let again = 0; again < 1_000; again += 1) {
      const stream = await fetchStream(events, `/events/orders/${again}`)
      expect(stream.status).toBe(200)
      if (again % 3 === 0) await place(String(again), again)
      stream.leave()
    }
    expect(clock.timers).toBe(0)
  })
})

describe('the limit on connections', () => {
  it('refuses one more, and takes it when one has left', async () => {
    const { url, events } = await serve({ limits: { connections: 2 } })
    const streams = [await openStream(url('/orders/1')), await fetchStream(events, '/events/orders/1')]
    const refused = await openStream(url('/orders/1'))
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '3' } })
    await refused.ended
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'unavailable', detail: 'All 2 streams are taken' })
    const browser = await openStream(url('/orders/1'), {
      headers: { accept: 'text/event-stream', 'last-event-id': 'e1.0' },
    })
    expect(browser.status).toBe(200)
    // Its cursor stays what it was: the standard would have a block without an id wipe it.
    expect(await browser.rest()).toEqual([
      { event: 'millrace.bye', id: 'e1.0', data: { reason: 'overload', retryable: true } },
    ])
    expect(browser.text).toMatch(/^retry: 3000\nid: e1\.0\n/)
    streams[1]?.leave()
    expect((await openStream(url('/orders/1'))).status).toBe(200)
  })

  it('holds also for those who came at once and waited for the log together', async () => {
    const log = troubledLog(memoryLog())
    const { events } = prepare({ log, limits: { connections: 3 } })
    const letGo = log.hold('bounds')
    const asked = Array.from({ length: 10 }, () => fetchStream(events, '/events/orders/1'))
    await turn()
    letGo()
    const streams = await Promise.all(asked)
    await turn()
    const stayed = streams.filter(({ status, text }) => status === 200 && !text.includes('millrace.bye'))
    expect(stayed).toHaveLength(3)
    const sentAway = streams.filter((stream) => !stayed.includes(stream))
    for (const stream of sentAway) {
      await stream.ended
      expect(stream.text).toMatch(/"code":"unavailable"|"reason":"overload"/)
    }
  })
})

it.each(['response', 'socket'])(
  'a %s that throws costs nobody else anything, and does not go on with a gap',
  async (what) => {
    const trouble = new Error('broken')
    let breaks = false
    const sockets: Socket[] = []
    function patch(patched: { write: (...given: never[]) => boolean }) {
      const write = patched.write.bind(patched) as (...given: unknown[]) => boolean
      patched.write = (...given: unknown[]) => {
        if (breaks) throw trouble
        return write(...given)
      }
    }
    const { url, place, errors, clock } = await serve({
      onSocket(socket) {
        sockets.push(socket)
        if (sockets.length === 2 && what === 'socket') patch(socket)
      },
      onResponse(response) {
        if (sockets.length === 2 && what === 'response') patch(response)
      },
    })
    const streams = []
    for (let index = 0; index < 3; index += 1) {
      streams.push(await openStream(url('/orders/1')))
      await streams[index]?.next()
    }
    breaks = true
    await place('1', 1)
    breaks = false
    await place('1', 2)
    expect((await streams[0]?.take(2))?.map(({ id }) => id)).toEqual(['e1.1', 'e1.2'])
    expect((await streams[2]?.take(2))?.map(({ id }) => id)).toEqual(['e1.1', 'e1.2'])
    expect(await streams[1]?.ended).toBeInstanceOf(Error)
    expect(streams[1]?.blocks).toEqual([])
    expect(errors).toEqual([trouble])
    for (const stream of streams) stream.leave()
    await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')))
    expect(clock.timers).toBe(0)
  },
)
