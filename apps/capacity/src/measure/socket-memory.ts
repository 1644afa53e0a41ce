import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'

/** What the kernel keeps for a quiet TCP socket, in bytes: half of what a connection of this machine with itself takes. */
export async function measureSocketMemory(count: number): Promise<number> {
  const held: Socket[] = []
  const server = createServer((socket) => {
    held.push(socket)
    // An answer, as a stream's head is one.
    socket.once('data', () => socket.write('x'.repeat(400)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port')
  const open = async () => {
    const socket = connect(address.port, '127.0.0.1')
    held.push(socket)
    await once(socket, 'connect')
    socket.write('x'.repeat(400))
    await once(socket, 'data')
  }
  const openMany = async (number: number) => {
    for (let opened = 0; opened < number; opened += 50) await Promise.all(Array.from({ length: 50 }, open))
  }
  // What the kernel makes once.
  await openMany(500)
  const before = kernelMemory()
  await openMany(count)
  const bytes = (kernelMemory() - before) / (2 * count)
  for (const socket of held) socket.destroy()
  server.close()
  return bytes
}

// What the kernel has for its objects, and for the data of sockets.
function kernelMemory(): number {
  const slabs = /^Slab:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))
  const buffers = /^TCP: .* mem (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))
  return Number(slabs?.[1]) * 1_024 + Number(buffers?.[1]) * 4_096
}
