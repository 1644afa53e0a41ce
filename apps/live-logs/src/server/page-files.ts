import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'

interface PageFile {
  readonly body: Buffer
  readonly type: string
  readonly etag: string
  readonly cache: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

// The build puts a hash of the content in the names of what lies in this folder.
const hashed = '/assets/'

// Lines of a log are not to be trusted: whatever they hold, the page runs and loads nothing but its own files.
const safety = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Serves the files of a built page, which are few and held in memory. Only what was found there can be asked for. */
export async function loadPage(
  folder: string,
): Promise<(request: IncomingMessage, response: ServerResponse) => void> {
  const files = new Map<string, PageFile>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const url = path.slice(folder.length).split(sep).join('/')
    const body = await readFile(path)
    files.set(url === '/index.html' ? '/' : url, {
      body,
      type: types[extname(path)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      cache: url.startsWith(hashed) ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
  }

  return (request, response) => {
    const file = files.get((request.url ?? '/').split('?', 1)[0] ?? '/')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain; charset=utf-8' })
      response.end('Only GET and HEAD are understood here.\n')
    } else if (file === undefined) {
      response.writeHead(404, { ...safety, 'content-type': 'text/plain; charset=utf-8' })
      response.end('There is no such page.\n')
    } else {
      const head = { ...safety, etag: file.etag, 'cache-control': file.cache }
      if (request.headers['if-none-match'] === file.etag) response.writeHead(304, head).end()
      else {
        response.writeHead(200, { ...head, 'content-type': file.type, 'content-length': file.body.length })
        response.end(request.method === 'HEAD' ? undefined : file.body)
      }
    }
  }
}
