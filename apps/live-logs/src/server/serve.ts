import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isHostAllowed } from './host-check.ts'

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** What is served where. */
export interface ServeOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Answers `/events`. */
  readonly events: Listener
  /** Answers everything else. */
  readonly page: Listener
  /** Is shown every request before it is answered. */
  readonly note?: Listener | undefined
}

/** Serves the page and its events. Rejects with what `listen` fails with, such as `EADDRINUSE`. */
export async function serve(options: ServeOptions): Promise<{ server: Server; port: number }> {
  const { host, port, events, page, note } = options
  const server = createServer((request, response) => {
    note?.(request, response)
    if (!isHostAllowed(request.headers.host, host)) {
      response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' })
      response.end('This server answers under the names of this machine alone. See --host.\n')
    } else if (/^\/events(?:[/?]|$)/.test(request.url ?? '')) events(request, response)
    else page(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return { server, port: (server.address() as AddressInfo).port }
}

/** What to tell a person whom `listen` failed. */
export function explainListenError(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Choose another with --port ${port + 1}, or let the system choose with --port 0.`
  }
  if (code === 'EACCES')
    return `Port ${port} may not be used by you. Choose one above 1023, such as --port 4000.`
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
    return `"${host}" is no address of this machine. See --host.`
  return error instanceof Error ? error.message : String(error)
}
