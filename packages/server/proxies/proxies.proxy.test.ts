import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serve } from '../src/fixtures/serve.fixture.ts'
import { shop } from '../src/fixtures/shop.fixture.ts'
import { StreamReader } from '../src/fixtures/stream-reader.fixture.ts'

// The files beside this one are the configurations that the guide shows. Only their ports are other ones here.

// `npm test` says where the programs are.
const program = (name: string) => process.env[`MILLRACE_${name.toUpperCase()}`] ?? name

interface Proxy {
  readonly name: string
  readonly program: string
  readonly file: string
  readonly parameters: (file: string, folder: string) => readonly string[]
}

const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    program: program('nginx'),
    file: 'nginx.conf',
    parameters: (file, folder) => ['-p', folder, '-c', file, '-g', 'daemon off;'],
  },
  {
    name: 'HAProxy',
    program: program('haproxy'),
    file: 'haproxy.cfg',
    parameters: (file) => ['-db', '-f', file],
  },
  {
    name: 'Caddy',
    program: program('caddy'),
    file: 'Caddyfile',
    parameters: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
  },
]

// One that is not there is reported by name as skipped.
describe.each(proxies)('behind $name', (proxy) => {
  const it = test.skipIf(proxy.program === '')

  it('every event comes as it happens, and the head before the first one', async () => {
    const { events, port } = await serve({ heartbeat: 15_000 })
    const stream = await open(await start(proxy, port), '?topic=orders/42&v=1')
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
    const proxyPort = await start(proxy, port)
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
    const socket = connect(await start(proxy, port), '127.0.0.1')
    socket.write('GET /events?topic=orders/42 HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'data')
    socket.destroy()
    await closed
  })

  it('a refusal arrives as it was sent', async () => {
    const { port } = await serve()
    const response = await fetch(`http://127.0.0.1:${await start(proxy, port)}/events?topic=nothing&v=1`)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 404 })
  })
})

/** Starts a proxy in front of a port, and gives its own. */
async function start({ file, program, parameters }: Proxy, target: number): Promise<number> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'millrace-proxy-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const config = readFileSync(join(import.meta.dirname, file), 'utf8')
    .replaceAll('4000', String(target))
    .replaceAll('8080', String(port))
  writeFileSync(join(folder, file), config)
  const child = spawn(program, parameters(join(folder, file), folder), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder },
  })
  // After the streams, which are closed first.
  onTestFinished(() => stop(child))
  let said = ''
  child.stderr?.on('data', (data) => {
    said += data
  })
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`)
    await wait(10)
  }
  return port
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
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
