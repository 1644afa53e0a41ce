import { once } from 'node:events'
import http2 from 'node:http2'
import https from 'node:https'

interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
}

/** Asks a server for a path, and resolves with the head of its answer. */
export type Ask = (path: string, asking?: Asking) => Promise<Answer>

/** What every client asks with: it would take any compression. */
const always = { 'accept-encoding': 'gzip, deflate, br, zstd' }

/** Asks with plain fetch. */
export function askWithFetch(port: number): Ask {
  return async (path, { headers, ...asking } = {}) => {
    const response = await fetch(`http://localhost:${port}${path}`, {
      ...asking,
      headers: { ...always, ...headers },
    })
    const { status, body } = response
    return { status, headers: response.headers, body: body ?? nothing() }
  }
}

/** Asks over TLS and HTTP/1.1, trusting one certificate, which fetch cannot be told to. */
export function askWithHttps(port: number, ca: string): Ask {
  return (path, { body, headers, ...asking } = {}) =>
    new Promise((resolve, reject) => {
      const url = `https://localhost:${port}${path}`
      const options = { ...asking, ca, agent: false, headers: { ...always, ...headers } } as const
      const request = https.request(url, options, (response) => {
        const { statusCode: status = 0 } = response
        resolve({ status, headers: new Headers(response.headers as Record<string, string>), body: response })
      })
      request.on('error', reject)
      request.end(body)
    })
}

/** Asks over HTTP/2, for everything on one connection. */
export function askWithHttp2(port: number, ca: string): { readonly ask: Ask; close(): void } {
  const connection = http2.connect(`https://localhost:${port}`, { ca })
  // Each stream tells of it, too.
  connection.on('error', () => {})
  return {
    async ask(path, { method = 'GET', headers, body, signal } = {}) {
      const head = { ':path': path, ':method': method, ...always, ...headers }
      const stream = connection.request(head, signal === undefined ? {} : { signal })
      stream.end(body)
      const [answer] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders & { ':status': number }]
      const fields = Object.entries(answer).filter(([name]) => !name.startsWith(':'))
      return {
        status: answer[':status'],
        headers: new Headers(fields as [string, string][]),
        body: stream as AsyncIterable<Uint8Array>,
      }
    },
    close: () => connection.destroy(),
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
