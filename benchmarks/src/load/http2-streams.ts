import { type ClientHttp2Session, connect } from 'node:http2'
import type { StreamOptions } from './socket-stream.ts'
import type { Stream } from './stream.ts'

/** Streams of one connection. */
const perConnection = 100

/** Opens streams over HTTP/2, a hundred on each connection. */
export class Http2Streams {
  #session: ClientHttp2Session | undefined
  #opened = 0

  open({ port, address, index, cursor, keep, received, closed }: StreamOptions): Stream {
    const session = this.#sessionFor(port)
    const stream = session.request({
      ':path': address.path.replace('{index}', String(index)),
      accept: 'text/event-stream',
      ...(cursor === undefined ? {} : { 'last-event-id': cursor }),
    })
    let text = ''
    stream.on('data', (chunk: Buffer) => {
      if (keep) text += chunk.toString('utf8')
      received(chunk)
    })
    stream.on('close', closed)
    const opened = new Promise<void>((resolve, reject) => {
      stream.on('response', (headers) => {
        if (headers[':status'] === 200) resolve()
        else reject(new Error(`${address.path} was answered ${headers[':status']}`))
      })
      stream.on('error', reject)
    })
    opened.catch(() => {})
    return {
      opened,
      get text() {
        return text
      },
      destroy: () => session.destroy(),
    }
  }

  #sessionFor(port: number): ClientHttp2Session {
    if (this.#session === undefined || this.#opened % perConnection === 0) {
      this.#session = connect(`http://127.0.0.1:${port}`)
      this.#session.on('error', () => {})
      this.#session.setMaxListeners(0)
    }
    this.#opened += 1
    return this.#session
  }
}
