import type { Sink, SinkObserver } from './sink.ts'

/** What a sink needs of a response of `node:http`, and has in the compatible response of `node:http2` too. */
export interface NodeResponse {
  readonly writableEnded: boolean
  readonly writableLength: number
  write(bytes: Uint8Array): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'drain' | 'close', listener: () => void): unknown
}

/** Makes a sink of a response whose head was written, and whose errors are heard. */
export function createNodeSink(response: NodeResponse, observer: SinkObserver): Sink {
  let open = true
  response.on('drain', () => {
    if (open) observer.drained()
  })
  // `drain` never comes once the client has left, and `close` comes in every case.
  response.on('close', () => {
    if (!open) return
    open = false
    observer.closed()
  })
  return {
    write: ({ bytes }) => open && !response.writableEnded && response.write(bytes),
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
