import type { AddressInfo } from 'node:net'

interface Listening {
  listen(options: { port: number; host: string; backlog: number }, listening: () => void): unknown
  address(): AddressInfo | string | null
  close(closed: () => void): unknown
  closeAllConnections?(): void
}

/** Enough for a storm: the kernel's own limit is what counts. */
export const backlog = 65_535

/** Lets a server of Node listen, and returns its port. On all loopback addresses of IPv4. */
export function listen(server: Listening): Promise<number> {
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

/** Ends a server of Node with all its connections. */
export function stopServer(server: Listening): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections?.()
  })
}
