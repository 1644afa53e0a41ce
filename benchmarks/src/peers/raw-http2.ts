import { createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2'
import { History } from '../history.ts'
import { listen } from './listen.ts'
import type { StartPeer } from './peer.ts'
import { streamHead, textOf } from './raw.ts'

/** What can be had with the streams of `node:http2` alone and no guarantees: encode once, then the same bytes for everybody. */
export const start: StartPeer = async ({ heartbeat }) => {
  const history = new History()
  const streams = new Set<ServerHttp2Stream>()
  const sessions = new Set<Http2Session>()
  const send = (text: string) => {
    const bytes = Buffer.from(text)
    for (const stream of streams) stream.write(bytes)
  }
  const server = createServer({ settings: { maxConcurrentStreams: 1_000 } })
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200, ...streamHead })
    streams.add(stream)
    stream.on('close', forget)
    const id = headers['last-event-id']
    if (typeof id === 'string') stream.write(history.after(id).map(textOf).join(''))
  })
  function forget(this: ServerHttp2Stream): void {
    streams.delete(this)
  }
  const beat = setInterval(() => send(':\n'), heartbeat)
  return {
    port: await listen(server),
    address: { protocol: 'http2', path: '/events' },
    get connections() {
      return streams.size
    },
    publish: (data) => send(textOf(history.add(data))),
    cursor: () => history.last,
    async stop() {
      clearInterval(beat)
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const session of sessions) session.destroy()
      })
    },
  }
}
