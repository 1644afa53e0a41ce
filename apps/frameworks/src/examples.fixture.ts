import { join } from 'node:path'
import { type Ask, askWithHttp2, askWithHttps } from './ask.fixture.ts'
import { bun, deno, workerd } from './binary.fixture.ts'
import { createCertificate } from './certificate.fixture.ts'
import { startNext } from './next.fixture.ts'
import { type Running, start } from './run.fixture.ts'
import { startWorker } from './workers.fixture.ts'

/** A server that a user would copy, and what is special about it. */
export interface Example {
  readonly name: string
  /** @param folder for what it needs beside the sources, with `cert.pem` and `key.pem` in it */
  readonly start: (folder: string) => Promise<Running>
  /** @default plain fetch */
  readonly client?: (port: number) => { readonly ask: Ask; close?(): void }
  /** An address whose answer its middleware compresses, where it has one. */
  readonly compressed?: string
  /** Whether the program that runs it was not installed. */
  readonly missing?: boolean
  /** Whether it learns that a client has left only when it sends something. */
  readonly noticesByWriting?: true
  /** Whether anything tells it that it ends. @default true */
  readonly drains?: false
  /** What it ends with when it was told to. @default 0 */
  readonly exitCode?: number
}

const fromSource = '--conditions=@millrace/source'
export const certificate = createCertificate()

const withNode =
  (file: string, ...parameters: readonly string[]) =>
  (folder: string) => {
    const environment = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') }
    const flags = [fromSource, '--disable-warning=ExperimentalWarning', ...parameters]
    return start(process.execPath, [...flags, file], { environment })
  }
const https = (port: number) => ({ ask: askWithHttps(port, certificate.cert) })

export const examples: readonly Example[] = [
  { name: 'http', start: withNode('http.ts') },
  { name: 'https', start: withNode('https.ts'), client: https },
  { name: 'http2', start: withNode('http2.ts'), client: (port) => askWithHttp2(port, certificate.cert) },
  { name: 'http2 for HTTP/1.1', start: withNode('http2.ts'), client: https },
  { name: 'Express', start: withNode('express.ts'), compressed: '/stats' },
  {
    name: 'Express 4',
    start: withNode('express.ts', '--import=./express-4.fixture.ts'),
    compressed: '/stats',
  },
  { name: 'Connect', start: withNode('connect.ts'), compressed: '/stats' },
  { name: 'Fastify', start: withNode('fastify.ts'), compressed: '/stats' },
  { name: 'Koa', start: withNode('koa.ts'), compressed: '/stats' },
  { name: 'Hono', start: withNode('hono.ts'), compressed: '/stats' },
  { name: 'h3', start: withNode('h3.ts') },
  { name: 'Bun', missing: bun === undefined, start: () => start(bun ?? '', [fromSource, 'bun.ts']) },
  {
    name: 'Deno',
    missing: deno === undefined,
    start: () =>
      start(deno ?? '', ['run', fromSource, '--node-modules-dir=manual', '--allow-all', 'deno.ts']),
  },
  {
    name: 'Cloudflare workers',
    missing: workerd === undefined,
    start: (folder) => startWorker(workerd ?? '', folder),
    noticesByWriting: true,
    drains: false,
  },
  // It builds first, and so comes last. Only pages are long enough for its own compression.
  { name: 'Next.js', start: startNext, compressed: '/no-such-page', exitCode: 143 },
]
