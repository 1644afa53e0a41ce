import type { OpenSink } from '../session/sink.ts'
import type { Outcome } from '../telemetry/instrumentation.ts'

/** An HTTP request, whatever the runtime calls it. */
export interface Call {
  readonly method: string
  /** Path as it stands in the request, without query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Length of path and query, in characters. */
  readonly length: number
  /** The address of whoever is at the other end of the socket, where the runtime tells it. To be asked for only where it is needed. */
  readonly remoteAddress?: string | undefined
  /** The request as the runtime gave it. */
  readonly native?: unknown
  header(name: string): string | undefined
  /** The body as text. @throws RefusalError `too-large` beyond this many bytes */
  body(maxBytes: number): Promise<string>
}

/** What a call is answered with. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** What it was, for those who watch. */
  readonly outcome?: Outcome
  /** Whether the stream ends with its first events. */
  readonly poll?: boolean
  /** Begins the stream that the head promised; absent where `body` is all. */
  readonly stream?: (openSink: OpenSink) => void
}
