import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy that cuts connections, at whatever byte they are. */
export interface CuttingProxy {
  readonly port: number
  /** Connections that were cut so far. */
  cuts(): number
  /** From now on, connections are cut after so many bytes of answer: each one after the next of these, later ones never. */
  cutAfter(bytes: readonly number[]): void
  close(): Promise<void>
}

export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const limits: number[] = []
  let cuts = 0
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    // Taken with the first answer: browsers open connections in advance.
    let limit: number | undefined
    const upstream = connect(target, 'localhost')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    let passed = 0
    upstream.on('data', (data: Buffer) => {
      limit ??= limits.shift() ?? Number.POSITIVE_INFINITY
      const room = limit - passed
      passed += data.length
      if (room <= 0) return
      if (data.length < room) {
        client.write(data)
        return
      }
      cuts += 1
      // What was written before leaves; the rest never does.
      client.end(data.subarray(0, room), () => client.destroy())
    })
  }).listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    port: address.port,
    cuts: () => cuts,
    cutAfter(bytes) {
      limits.push(...bytes)
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
