import type { ServerResponse } from 'node:http'
import type { Sink, SinkObserver } from './sink.ts'

/** A sink that is a response of `node:http`, or of `node:http2`, whose compatible response has the same methods. */
export function createNodeSink(response: ServerResponse, observer: SinkObserver): Sink {
  let open = true
  response.on('drain', () => {
    if (open) observer.drained()
  })
  // `drain` never comes once the client has left, and `close` comes in every case.
  response.once('close', () => {
    open = false
    observer.closed()
  })
  // Followed by `close`, which is enough to know.
  response.on('error', () => {})
  return {
    write: (bytes) => open && !response.writableEnded && response.write(bytes),
    get buffered() {
      return open ? response.writableLength : 0
    },
    end() {
      if (open && !response.writableEnded) response.end()
    },
    destroy() {
      if (open) response.destroy()
    },
  }
}
