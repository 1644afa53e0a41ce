import type { Sink, SinkObserver } from './sink.ts'

// Room for the runtime to take from while the next bytes are put together.
const highWaterMark = 64 * 1024

/** A sink that is the body of a `Response`. */
export interface FetchSink extends Sink {
  readonly body: ReadableStream<Uint8Array>
}

/**
 * Makes a sink whose bytes are read from a stream. Not a byte stream: that would detach buffers which other sessions
 * share. Cancelling the body and aborting the request both end it; either may come alone. It holds the request, for Node's
 * hears of its signal only while somebody does.
 */
export function createFetchSink(
  observer: SinkObserver,
  request: Pick<Request, 'signal'> | undefined,
): FetchSink {
  let state: 'open' | 'ending' | 'closed' = 'open'
  let full = false
  let controller!: ReadableStreamDefaultController<Uint8Array>

  function close(): boolean {
    if (state === 'closed') return false
    state = 'closed'
    request?.signal.removeEventListener('abort', leave)
    request = undefined
    return true
  }
  // Nobody reads it any more. Were it made to fail, runtimes would report an error for each client that leaves.
  function leave(): void {
    if (!close()) return
    controller.close()
    observer.closed()
  }
  function destroy(): void {
    if (!close()) return
    controller.error(new DOMException('The stream was ended', 'AbortError'))
    observer.closed()
  }
  // A stream does not tell when the last of what it holds was taken, so it is closed only then.
  function finish(): void {
    if (buffered() > 0 || !close()) return
    controller.close()
    observer.closed()
  }

  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given
      },
      // Called whenever something was taken and there is room.
      pull() {
        if (state === 'ending') finish()
        if (state !== 'open' || !full) return
        full = false
        observer.drained()
      },
      cancel() {
        if (close()) observer.closed()
      },
    },
    // There always is one, although the types of Node leave it open.
    { highWaterMark, size: (chunk) => (chunk as Uint8Array).byteLength },
  )
  request?.signal.addEventListener('abort', leave)

  const room = () => controller.desiredSize ?? 0
  const buffered = () => (state === 'closed' ? 0 : highWaterMark - room())
  return {
    body,
    write({ bytes }) {
      if (state !== 'open') return false
      controller.enqueue(bytes)
      full = room() <= 0
      return !full
    },
    get buffered() {
      return buffered()
    },
    end() {
      if (state !== 'open') return
      state = 'ending'
      finish()
    },
    destroy,
  }
}
