/** What is written in one go, perhaps to many sinks, so nobody may change it. */
export interface Parcel {
  readonly bytes: Uint8Array
  /** How many bytes. */
  readonly length: number
  /** The same as text, where it was made for one sink only: runtimes that take text need no bytes then. */
  readonly text?: string | undefined
  /** The same as sinks of one kind frame it. The first one that does keeps it here for the others. */
  framed?: Uint8Array | undefined
}

/** Where the bytes of one stream go: an open response, whatever the runtime calls it. */
export interface Sink {
  /** Takes bytes; `false` asks to write no more until `drained`. */
  write(parcel: Parcel): boolean
  /** The address at its other end, where the runtime tells it and as long as it is open. To be asked for only where it is needed. */
  readonly remoteAddress?: string | undefined
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
