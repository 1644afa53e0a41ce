/** Where the bytes of one stream go: an open response, whatever the runtime calls it. */
export interface Sink {
  /** Takes bytes, which it must not change; `false` asks to write no more until `drained`. */
  write(bytes: Uint8Array): boolean
  /** Bytes that were taken and have not left yet. */
  readonly buffered: number
  /** Ends the stream once all that was taken has left. */
  end(): void
  /** Ends the stream now, whatever has not left. */
  destroy(): void
}

/** What a sink tells. Nothing is told before the sink was handed over, nor after `closed`. */
export interface SinkObserver {
  /** There is room again. */
  drained(): void
  /** The stream is over, whoever ended it. Told once. */
  closed(): void
}

/** Opens the response for a stream that was accepted. */
export type OpenSink = (observer: SinkObserver) => Sink
