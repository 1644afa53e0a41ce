import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openAccessLog } from './access-log.ts'
import { detectLevel } from './level.ts'
import { readLineTime } from './line-time.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-log-'))
})
afterEach(() => rm(folder, { recursive: true }))

const fail = (error: unknown) => {
  throw error
}

it('writes one line a request, which cannot be forged and which reads as what it is', async () => {
  const path = join(folder, 'new/access.log')
  const log = await openAccessLog(path, fail)
  const closed: Promise<unknown>[] = []
  const server = createServer((request, response) => {
    closed.push(new Promise((resolve) => response.once('close', resolve)))
    log.note(request, response)
    response.writeHead(request.url === '/' ? 200 : 503).end('body')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await (await fetch(base, { headers: { 'user-agent': 'a "quoted" \\ agent' } })).text()
  await (await fetch(`${base}/no`)).text()
  await Promise.all(closed)
  await log.flush()
  server.closeAllConnections()
  server.close()
  const [first = '', second = '', end] = (await readFile(path, 'utf8')).split('\n')
  expect(first).toMatch(
    /^127\.0\.0\.1 - - \[[^\]]+\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "a \\"quoted\\" \\\\ agent"$/,
  )
  expect(detectLevel(first)).toBe('info')
  expect(detectLevel(second)).toBe('error')
  expect(readLineTime(first, Date.now())).toBeGreaterThan(Date.now() - 60_000)
  expect(end).toBe('')
})

it('knows whose a stream was that ended with its connection', async () => {
  const path = join(folder, 'access.log')
  const log = await openAccessLog(path, fail)
  let closed: Promise<unknown> | undefined
  const server = createServer((request, response) => {
    closed = new Promise((resolve) => response.once('close', resolve))
    log.note(request, response)
    response.writeHead(200).write('a stream')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(client, 'data')
  client.resetAndDestroy()
  await closed
  await log.flush()
  server.close()
  expect(await readFile(path, 'utf8')).toMatch(/^127\.0\.0\.1 - - \[[^\]]+\] "GET \/events HTTP\/1\.1" 200 /)
})

it('rotates a large file when it opens it', async () => {
  const path = join(folder, 'access.log')
  await writeFile(path, Buffer.alloc(5 * 1024 * 1024))
  await openAccessLog(path, fail)
  expect((await stat(path)).size).toBe(0)
  expect((await stat(`${path}.1`)).size).toBe(5 * 1024 * 1024)
})
