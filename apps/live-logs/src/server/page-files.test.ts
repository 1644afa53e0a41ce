import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadPage } from './page-files.ts'

let folder: string
let server: Server
let base: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-files-'))
  await mkdir(join(folder, 'page/assets'), { recursive: true })
  await writeFile(join(folder, 'page/index.html'), '<!doctype html>')
  await writeFile(join(folder, 'page/assets/app-a1b2.js'), 'run()')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  server = createServer(await loadPage(join(folder, 'page')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

it('serves the page, to be asked for again each time', async () => {
  const response = await fetch(`${base}/?theme=dark`)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-cache')
  expect(await response.text()).toBe('<!doctype html>')
  const etag = response.headers.get('etag') ?? ''
  expect((await fetch(base, { headers: { 'if-none-match': etag } })).status).toBe(304)
})

it('serves hashed files for ever', async () => {
  const response = await fetch(`${base}/assets/app-a1b2.js`)
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(response.headers.get('cache-control')).toContain('immutable')
  expect(await response.text()).toBe('run()')
})

it('answers HEAD without a body, and refuses other methods', async () => {
  const head = await fetch(base, { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe('15')
  expect(await head.text()).toBe('')
  expect((await fetch(base, { method: 'POST' })).status).toBe(405)
})

it.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/assets/../../secret.txt',
  '//etc/passwd',
  '/assets',
  '/index.html',
])('has nothing at %s', async (path) => {
  expect(await rawStatus(path)).toBe('404')
})

/** The path exactly as given: `fetch` would tidy it up. */
function rawStatus(path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () => {
      socket.end(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    })
    let head = ''
    socket.on('data', (data) => {
      head += data
    })
    socket.on('end', () => resolve(head.split(' ')[1]))
    socket.on('error', reject)
  })
}
