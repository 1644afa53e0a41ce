import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http2 from 'node:http2'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, createGzip } from 'node:zlib'
import { toNodeListener } from '@millrace/server/node'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createCertificate } from '../../../../../apps/frameworks/src/certificate.fixture.ts'
import type { Diagnosis, Finding } from '../../doctor/finding.ts'
import { millrace } from '../../terminal.fixture.ts'
import { buffering, cutting, gathering, holding, startProxy, straight, waiting } from './proxy.fixture.ts'
import { serve, serveHttp, serveShop } from './stream-server.fixture.ts'

async function look(target: string | number, ...args: readonly string[]) {
  const url = typeof target === 'string' ? target : `http://127.0.0.1:${target}/events`
  const { code, printed, noted } = await millrace(process.cwd(), 'doctor', url, '--json', ...args)
  expect(noted).toBe('')
  const { diagnoses } = JSON.parse(printed) as { readonly diagnoses: readonly Diagnosis[] }
  const findings = diagnoses[0]?.findings ?? []
  return { code, findings, about: (subject: string) => findings.find((one) => one.subject === subject) }
}

const topic = ['--topic', 'orders/42'] as const

/** Looks again until it is so: on a busy machine everything is late now and then, and the doctor is right to say so. */
const eventually = (lookOnce: () => Promise<void>) => vi.waitFor(lookOnce, { timeout: 60_000, interval: 10 })

const levels = (findings: readonly Finding[]) => findings.map(({ level, subject }) => [level, subject])

it('finds nothing wrong with a stream that comes as it should', async () => {
  const { port } = await serveShop()
  await eventually(async () => {
    const { code, findings } = await look(port, ...topic)
    expect(levels(findings)).toEqual([
      ['ok', 'answer'],
      ['ok', 'cache-control'],
      ['ok', 'protocol'],
      ['ok', 'first frame'],
      ['ok', 'heartbeat'],
      ['ok', 'arrival'],
    ])
    expect(code).toBe(0)
  })
})

it('tells it to people, with what to change and where to read on', async () => {
  const { port } = await serveShop()
  const proxy = await startProxy(port, holding)
  const url = `http://127.0.0.1:${proxy}/events/orders/42`
  const { code, printed } = await millrace(process.cwd(), 'doctor', url, '--seconds', '0.3')
  expect(code).toBe(1)
  expect(printed).toMatch(/ {2}fault {2}first frame {4}The head came, and nothing more for 0\.3 s/)
  expect(printed).toMatch(/→ Turn buffering off there: .*\(docs\/behind-a-proxy\.md\)\n/)
  expect(printed).toMatch(/\n1 fault\n$/)
})

it('passes a proxy that does no harm', async () => {
  const { port } = await serveShop()
  await eventually(async () => {
    expect(await look(await startProxy(port, straight), ...topic)).toMatchObject({ code: 0 })
  })
})

it('finds a proxy that keeps the answer until it ends', async () => {
  const { port } = await serveShop()
  await eventually(async () => {
    const { code, findings } = await look(await startProxy(port, buffering), ...topic, '--seconds', '0.5')
    expect(findings).toMatchObject([
      { level: 'fault', subject: 'buffering', cure: expect.stringContaining('proxy_buffering off') },
    ])
    expect(code).toBe(1)
  })
})

it('finds a proxy that waits whether more comes', async () => {
  const { port } = await serveShop()
  await eventually(async () => {
    const { code, about } = await look(await startProxy(port, waiting(250)), ...topic)
    expect(about('first frame')).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(/^0\.\d s late/),
      cure: expect.stringContaining('option http-no-delay'),
    })
    expect(code).toBe(0)
  })
})

it('finds a proxy that gathers what comes', async () => {
  const { port } = await serveShop()
  // As long as several times of it take, one of which is whole for sure.
  await eventually(async () => {
    const { about } = await look(await startProxy(port, gathering(1_700)), ...topic, '--seconds', '5')
    expect(about('lumps')).toMatchObject({ level: 'fault', message: expect.stringContaining('in one piece') })
  })
})

it('finds a proxy that cuts a silent stream', async () => {
  const { port } = await serveShop({ heartbeat: 15_000 })
  await eventually(async () => {
    const { code, about } = await look(await startProxy(port, cutting(500)), ...topic)
    expect(about('end')).toMatchObject({
      level: 'fault',
      message: expect.stringMatching(/cut after 0\.\d s/),
      cure: expect.stringContaining('above 30 s, two heartbeats'),
    })
    expect(code).toBe(1)
  })
})

it.each([
  ['flushes', constants.Z_SYNC_FLUSH, 'first frame', 'ok'],
  ['does not flush', constants.Z_NO_FLUSH, 'first frame', 'fault'],
] as const)('finds a proxy that compresses and %s', async (_, flush, subject, level) => {
  const { port } = await serveShop()
  const proxy = await startProxy(port, (answer, response) => {
    response.writeHead(answer.statusCode ?? 0, { ...answer.headers, 'content-encoding': 'gzip' })
    response.flushHeaders()
    answer.pipe(createGzip({ flush })).pipe(response)
  })
  await eventually(async () => {
    const { about } = await look(proxy, ...topic, '--seconds', '0.5')
    expect(about('content-encoding')).toMatchObject({ level: 'warn' })
    expect(about(subject)).toMatchObject({ level })
  })
})

it('warns of a proxy that changes the head', async () => {
  const { port } = await serveShop()
  const proxy = await startProxy(port, (answer, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'max-age=60' })
    answer.pipe(response)
  })
  await eventually(async () => {
    const { code, about } = await look(proxy, ...topic)
    expect(about('cache-control')).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('without no-cache and no-transform'),
    })
    expect(code).toBe(0)
    expect((await look(proxy, ...topic, '--strict')).code).toBe(1)
  })
})

it('tells a page from a stream', async () => {
  const port = await serveHttp((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to our wireless network</h1>')
  })
  const { code, findings } = await look(port, ...topic)
  expect(findings).toMatchObject([
    { level: 'fault', subject: 'content-type', cure: expect.stringContaining('captive portal') },
  ])
  expect(code).toBe(1)
})

it.each([
  ['no topic', '/events', [], 400, '--topic'],
  ['an unknown topic', '/events', ['--topic', 'ordres/42'], 404, 'Name a topic of the contract'],
  ['another path', '/elsewhere', topic, 404, 'path'],
] as const)('says what a server refuses: %s', async (_, path, args, status, cure) => {
  const { port } = await serveShop()
  const { code, findings } = await look(`http://127.0.0.1:${port}${path}`, ...args)
  expect(findings).toMatchObject([
    {
      level: 'fault',
      subject: 'status',
      message: expect.stringContaining(`${status}`),
      cure: expect.stringContaining(cure),
    },
  ])
  expect(code).toBe(1)
})

it('sends headers, and takes none to another origin', async () => {
  const { port } = await serveShop()
  const seen: (string | undefined)[] = []
  const guarded = await startProxy(port, straight)
  const front = await serveHttp((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(307, { location: `http://127.0.0.1:${guarded}${request.url}` }).end()
  })
  await eventually(async () => {
    seen.length = 0
    const { about, code } = await look(front, ...topic, '--header', 'authorization: Bearer secret')
    expect(seen).toEqual(['Bearer secret'])
    expect(about('redirect')).toMatchObject({ level: 'warn' })
    expect(about('arrival')).toMatchObject({ level: 'ok' })
    expect(code).toBe(0)
  })
})

it('tells that it is no stream of Millrace, or that it has been ended', async () => {
  const foreign = await serveHttp((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: hello\n\n')
  })
  await eventually(async () => {
    expect((await look(foreign, '--seconds', '0.2')).about('first event')).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('message, not millrace.open'),
    })
  })
  const { events, port } = await serveShop({ heartbeat: 15_000 })
  const looking = look(port, ...topic)
  await expect.poll(() => events.stats().connections).toBe(1)
  await events.close({ drain: 0 })
  expect((await looking).about('end')).toMatchObject({
    level: 'warn',
    message: expect.stringContaining('drain'),
  })
})

it('holds the heartbeat against what proxies bear, and says where it was not waited for', async () => {
  const { port } = await serveShop({ heartbeat: 60_000 })
  await eventually(async () => {
    const { about } = await look(port, ...topic, '--seconds', '0.2')
    expect(about('heartbeat')).toMatchObject({ level: 'fault', message: expect.stringContaining('60 s') })
    expect(about('arrival')).toMatchObject({ level: 'warn', cure: expect.stringContaining('--seconds 65') })
  })
})

it('says that nobody is there, or does not answer', async () => {
  const port = await serveHttp(() => {})
  expect((await look(port, ...topic, '--seconds', '0.2')).findings).toMatchObject([
    { level: 'fault', subject: 'answer' },
  ])
  const refused = await look('http://127.0.0.1:1/events', ...topic)
  expect(refused).toMatchObject({
    code: 1,
    findings: [{ level: 'fault', subject: 'connection', cure: expect.stringContaining('Start the server') }],
  })
})

it('says that a certificate is not trusted, and sends nothing there', async () => {
  let asked = 0
  const port = await serve(
    https.createServer(createCertificate(), () => {
      asked += 1
    }),
  )
  const { code, findings } = await look(`https://localhost:${port}/events`, ...topic)
  expect(findings).toMatchObject([
    { level: 'fault', subject: 'certificate', cure: expect.stringContaining('NODE_EXTRA_CA_CERTS') },
  ])
  expect({ code, asked }).toEqual({ code: 1, asked: 0 })
})

it.each([
  ['HTTP/2', true],
  ['HTTP/1.1', false],
])('speaks %s with a server whose authority it is told', async (protocol, allowsHttp2) => {
  const certificate = createCertificate()
  const folder = mkdtempSync(join(tmpdir(), 'millrace-certificate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'certificate.pem')
  writeFileSync(file, certificate.cert)
  const { events } = await serveShop()
  const listener = toNodeListener(events)
  const server = allowsHttp2
    ? http2.createSecureServer({ ...certificate, allowHTTP1: true }, listener)
    : https.createServer(certificate, listener)
  const port = await serve(server)
  // Who is trusted is read when a process begins.
  await eventually(async () => {
    const { code, printed } = await new Promise<{ code: number; printed: string }>((resolve) => {
      const main = join(import.meta.dirname, '../../main.ts')
      execFile(
        process.execPath,
        ['--conditions=@millrace/source', main, 'doctor', `https://localhost:${port}/events`, ...topic],
        { env: { ...process.env, NODE_EXTRA_CA_CERTS: file } },
        (error, stdout) => resolve({ code: Number(error?.code ?? 0), printed: stdout }),
      )
    })
    expect(printed).toContain(`200, text/event-stream; charset=utf-8, ${protocol}\n`)
    expect(printed).toMatch(/\nAll is well\.\n$/)
    expect(code).toBe(0)
  })
})
