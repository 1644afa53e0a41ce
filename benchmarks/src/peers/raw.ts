import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type HeldEvent, History } from '../history.ts'
import { listen, stopServer } from './listen.ts'
import type { Peer, PeerOptions } from './peer.ts'

/** How a raw server gets an event to its connections. */
export interface RawSettings {
  /** By the response, which frames each write, or framed once and by the socket below it. */
  readonly write: 'response' | 'socket'
  /** Whether the events of one tick leave in one write. */
  readonly joined: boolean
}

export const streamHead = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
}

/** What can be had with `node:http` alone and no guarantees: encode once, then the same bytes for everybody. */
export async function startRaw({ write, joined }: RawSettings, { heartbeat }: PeerOptions): Promise<Peer> {
  const history = new History()
  const responses = new Set<ServerResponse>()
  const missed = new Map<string, Buffer>()
  const frame = write === 'socket' ? chunkOf : (text: string) => Buffer.from(text)
  let tick: string[] = []

  const send = (bytes: Buffer) => {
    if (write === 'socket') for (const response of responses) (response.socket as Socket).write(bytes)
    else for (const response of responses) response.write(bytes)
  }
  const flush = () => {
    send(frame(tick.join('')))
    tick = []
  }
  // Everybody who comes back after a restart has missed the same, and a good loop would know it.
  const missedAfter = (id: string) => {
    const known = missed.get(id)
    if (known !== undefined) return known
    const bytes = frame(history.after(id).map(textOf).join(''))
    missed.set(id, bytes)
    return bytes
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, streamHead)
    response.flushHeaders()
    responses.add(response)
    response.on('close', () => responses.delete(response))
    const id = request.headers['last-event-id']
    if (typeof id !== 'string') return
    if (write === 'socket') (response.socket as Socket).write(missedAfter(id))
    else response.write(missedAfter(id))
  })
  const comment = frame(':\n')
  const beat = setInterval(() => send(comment), heartbeat)
  return {
    port: await listen(server),
    address: { protocol: 'http', path: '/events' },
    get connections() {
      return responses.size
    },
    publish(data) {
      missed.clear()
      const text = textOf(history.add(data))
      if (!joined) send(frame(text))
      else if (tick.push(text) === 1) queueMicrotask(flush)
    },
    cursor: () => history.last,
    stop() {
      clearInterval(beat)
      return stopServer(server)
    },
  }
}

export function textOf({ id, data }: HeldEvent): string {
  return `id: ${id}\nevent: placed\ndata: ${JSON.stringify(data)}\n\n`
}

// [RFC 9112 §7.1] Length in hexadecimal, the bytes, and a line end after each.
function chunkOf(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
}
