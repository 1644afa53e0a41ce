import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type ProxyName, proxyProgram, startProxy } from '@millrace/test-programs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serve } from '../src/fixtures/serve.fixture.ts'
import { shop } from '../src/fixtures/shop.fixture.ts'
import { StreamReader } from '../src/fixtures/stream-reader.fixture.ts'

// The files beside this one are the configurations that the guide shows. Only their ports are other ones here.

const proxies: readonly { readonly name: string; readonly proxy: ProxyName; readonly file: string }[] = [
  { name: 'nginx', proxy: 'nginx', file: 'nginx.conf' },
  { name: 'HAProxy', proxy: 'haproxy', file: 'haproxy.cfg' },
  { name: 'Caddy', proxy: 'caddy', file: 'Caddyfile' },
]

// One that is not there is reported by name as skipped.
describe.each(proxies)('behind $name', ({ proxy, file }) => {
  const it = test.skipIf(proxyProgram(proxy) === '')
  const start = (target: number) => startBefore(target, proxy, file)

  it('every event comes as it happens, and the head before the first one', async () => {
    const { events, port } = await serve({ heartbeat: 15_000 })
    const stream = await open(await start(port), '?topic=orders/42&v=1')
    expect(await stream.next()).toMatchObject({ event: 'millrace.open' })
    const began = performance.now()
    for (let total = 1; total <= 20; total += 1) {
      await events.publish(shop.orders({ orderId: '42' }), 'placed', { total })
      // The next one is published only after this one came: a proxy that waits for more would wait for ever.
      expect(await stream.next()).toMatchObject({ event: 'placed', data: { total } })
    }
    // One that waits for 200 ms an event needs 4 s.
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('a stream that was cut goes on where it was', async () => {
    const { events, port, place } = await serve({ heartbeat: 15_000 })
    const proxyPort = await start(port)
    const [first] = await place('42', 1, 2, 3)
    const stream = await open(proxyPort, '?topic=orders/42&v=1', { 'last-event-id': first ?? '' })
    expect(await stream.next()).toMatchObject({ event: 'millrace.open', data: { verdict: 'resumed' } })
    expect(await stream.next()).toMatchObject({ data: { total: 2 } })
    expect(await stream.next()).toMatchObject({ data: { total: 3 } })
    await events.close({ drain: 0 })
    expect(await stream.next()).toMatchObject({ event: 'millrace.bye' })
    await stream.ended
  })

  it('the server learns that a client went away', async () => {
    const { port, server } = await serve({ heartbeat: 15_000 })
    const closed = new Promise<void>((resolve) => {
      server.once('request', (request) => request.once('close', () => resolve()))
    })
    const socket = connect(await start(port), '127.0.0.1')
    socket.write('GET /events?topic=orders/42 HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'data')
    socket.destroy()
    await closed
  })

  it('a refusal arrives as it was sent', async () => {
    const { port } = await serve()
    const response = await fetch(`http://127.0.0.1:${await start(port)}/events?topic=nothing&v=1`)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 404 })
  })
})

/** Starts a proxy in front of a port until the test is over, and gives its own. */
async function startBefore(target: number, proxy: ProxyName, file: string): Promise<number> {
  const config = readFileSync(join(import.meta.dirname, file), 'utf8').replaceAll('4000', String(target))
  const { port, stop } = await startProxy(proxy, (port) => config.replaceAll('8080', String(port)))
  // After the streams, which are closed first.
  onTestFinished(stop)
  return port
}

async function open(port: number, query: string, headers: Readonly<Record<string, string>> = {}) {
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const response = await fetch(`http://127.0.0.1:${port}/events${query}`, {
    headers,
    signal: controller.signal,
  })
  expect(response.status).toBe(200)
  const reader = new StreamReader()
  void (async () => {
    for await (const chunk of response.body ?? []) reader.push(chunk)
  })().then(
    () => reader.end(),
    (error) => reader.end(error),
  )
  return reader
}
