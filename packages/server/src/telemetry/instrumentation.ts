import type { Verdict } from '@millrace/protocol'
import type { HistogramName } from './meter.ts'
import type { RefusalCause, ServerStats } from './server-stats.ts'

/** An event that is being published, as far as it may be told. */
export interface EventInFlight {
  /** Path of its channel (`orders/{orderId}`); `undefined` for what has none, and is about to be refused. */
  readonly channel: string | undefined
  /** Its name (`placed`). */
  readonly name: string
  /** The `traceparent` that it was published with by the caller's own word. */
  readonly trace: string | undefined
}

/** How a request for a stream was answered. */
export interface Outcome {
  /** What became of the cursor, where a stream was promised. */
  readonly verdict?: Verdict
  /** How many topics that stream is for. */
  readonly topics?: number
  /** Why it was refused. */
  readonly refused?: RefusalCause
}

/** What watches an event server from without: `openTelemetry()` of `@millrace/server/telemetry` makes one. It must not throw by itself. */
export interface Instrumentation {
  /** Called once. @param stats the numbers of this moment @returns what ends it, when the server is closed */
  watch(stats: () => ServerStats): () => void
  /** A value that is also counted in the histogram of this name. */
  measure(histogram: HistogramName, value: number): void
  /**
   * Runs a publication, at once and exactly once, and hands its result on.
   *
   * @param run takes the `traceparent` that goes with the events
   */
  publish<Result>(
    events: readonly EventInFlight[],
    run: (trace: string | undefined) => Promise<Result>,
  ): Promise<Result>
  /**
   * Runs the answering of a request for a stream, exactly once, and hands its result on.
   *
   * @param header a header of the request, by its name in lower case
   */
  open<Result extends { readonly outcome?: Outcome | undefined }>(
    header: (name: string) => string | undefined,
    run: () => Promise<Result>,
  ): Promise<Result>
}
