import type { Sink, SinkObserver } from './sink.ts'

// Room for the runtime to take from while the next bytes are put together.
const highWaterMark = 64 * 1024

/** A sink that is the body of a `Response`. */
export interface FetchSink extends Sink {
  readonly body: ReadableStream<Uint8Array>
}

/**
 * Makes a sink whose bytes are read from a stream. Not a byte stream: that would detach buffers which other sessions
 * share. Cancelling the body and aborting the request both end it; either may come alone.
 */
export function createFetchSink(observer: SinkObserver, signal: AbortSignal | undefined): FetchSink {
  let open = true
  let full = false
  let controller!: ReadableStreamDefaultController<Uint8Array>

  function close(): boolean {
    if (!open) return false
    open = false
    signal?.removeEventListener('abort', abandon)
    return true
  }
  function abandon(): void {
    if (!close()) return
    controller.error(new DOMException('The stream was ended', 'AbortError'))
    observer.closed()
  }

  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given
      },
      pull() {
        if (!full) return
        full = false
        observer.drained()
      },
      cancel() {
        if (close()) observer.closed()
      },
    },
    { highWaterMark, size: (chunk) => chunk.byteLength },
  )
  signal?.addEventListener('abort', abandon)

  const room = () => controller.desiredSize ?? 0
  return {
    body,
    write(bytes) {
      if (!open) return false
      controller.enqueue(bytes)
      full = room() <= 0
      return !full
    },
    get buffered() {
      return open ? highWaterMark - room() : 0
    },
    end() {
      if (!close()) return
      controller.close()
      observer.closed()
    },
    destroy: abandon,
  }
}
