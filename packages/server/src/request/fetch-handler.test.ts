import { expect, it } from 'vitest'
import { fetchStream } from '../fixtures/open-stream.fixture.ts'
import { prepare } from '../fixtures/serve.fixture.ts'

it('answers with a stream of the same frames', async () => {
  const { events, place } = prepare()
  const stream = await fetchStream(events, '/events/orders/1')
  expect(stream).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })
  await stream.next()
  await place('1', 1)
  expect(await stream.next()).toMatchObject({ event: 'placed', id: 'e1.1' })
})

it('reads a body that comes in pieces', async () => {
  const { events } = prepare()
  const bytes = [...new TextEncoder().encode('{"topic":"orders/é"}')]
  const body = new ReadableStream({
    pull(controller) {
      const byte = bytes.shift()
      if (byte === undefined) controller.close()
      else controller.enqueue(Uint8Array.of(byte))
    },
  })
  // Node wants to hear that the body may still be sent while it is answered, which its types do not know.
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit
  expect((await fetchStream(events, '/events', init)).status).toBe(200)
})

it('reads no more of a body than it may', async () => {
  const { events, errors } = prepare({ limits: { requestBytes: 100 } })
  let pulled = 0
  const body = new ReadableStream({
    pull(controller) {
      pulled += 1
      controller.enqueue(new Uint8Array(60))
    },
  })
  const stream = await fetchStream(events, '/events', { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect(stream.status).toBe(413)
  expect(pulled).toBeLessThan(10)
  expect(errors).toEqual([])
})

it('takes a body that breaks off for a bad request, and for no fault of its own', async () => {
  const { events, errors } = prepare()
  const body = new ReadableStream({
    pull(controller) {
      controller.error(new Error('gone'))
    },
  })
  const stream = await fetchStream(events, '/events', { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect(stream.status).toBe(400)
  expect(errors).toEqual([])
})

it.each([
  ['HEAD', '/events/orders/1', 200],
  ['HEAD', '/events/nothing', 404],
  ['OPTIONS', '/events/orders/1', 204],
])('%s %s is answered without a body', async (method, path, status) => {
  const { events, clock } = prepare()
  const stream = await fetchStream(events, path, { method })
  expect(stream.status).toBe(status)
  await stream.ended
  expect(stream.text).toBe('')
  expect(clock.timers).toBe(0)
})

it('refuses as over a socket', async () => {
  const { events } = prepare({ cors: { origins: '*' } })
  const stream = await fetchStream(events, '/other', { headers: { origin: 'https://a.example' } })
  expect(stream).toMatchObject({
    status: 404,
    headers: { 'content-type': 'application/problem+json', 'access-control-allow-origin': '*' },
  })
  await stream.ended
  expect(JSON.parse(stream.text)).toMatchObject({ code: 'not-found', detail: 'The streams are at /events' })
})
