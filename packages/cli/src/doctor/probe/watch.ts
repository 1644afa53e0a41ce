import type { Readable } from 'node:stream'
import {
  type ByeData,
  controlEvent,
  frameExtensionFields,
  type OpenData,
  type SseItem,
  SseParser,
} from '@millrace/protocol'

/** What was seen of a stream. Times are in milliseconds since the head came. */
export interface Sight {
  /** When the first block came; `undefined` for never. */
  readonly firstFrame: number | undefined
  /** What the server said of itself; `undefined` where the first event was another one. */
  readonly open: Partial<OpenData> | undefined
  /** Name of the first event. */
  readonly firstEvent: string | undefined
  readonly arrivals: readonly Arrival[]
  readonly bye: Partial<ByeData> | undefined
  /** When the stream ended before it had been watched for long enough. */
  readonly ended: number | undefined
  /** When watching ended. */
  readonly watched: number
}

/** Bytes that came together. */
export interface Arrival {
  /** When the first of them came. */
  readonly at: number
  /** How many heartbeats were among them. */
  readonly beats: number
  /** When the events among them were published, by the clock of who published them. */
  readonly times: readonly number[]
}

/** How long a stream is watched. */
export interface Patience {
  /** How long the first block may take, in milliseconds. */
  readonly first: number
  /** How long to go on then, in milliseconds. */
  readonly rest: (open: Partial<OpenData> | undefined) => number
  /** How many heartbeats are enough. */
  readonly beats: number
  readonly signal: AbortSignal
}

/** What comes within this time of another comes together with it, in milliseconds: one write may be several packets. */
const together = 100

/** Reads a stream for a while, and writes down when what came. */
export function watch(body: Readable, { first, rest, beats, signal }: Patience): Promise<Sight> {
  const began = performance.now()
  const now = () => performance.now() - began
  const arrivals: { at: number; beats: number; times: number[] }[] = []
  let firstFrame: number | undefined
  let firstEvent: string | undefined
  let open: Partial<OpenData> | undefined
  let bye: Partial<ByeData> | undefined
  let ended: number | undefined

  const parser = new SseParser({ extensionFields: frameExtensionFields })

  function take(item: SseItem): void {
    if (!('event' in item)) {
      beat()
      return
    }
    const { event, data, fields } = item
    firstEvent ??= event
    if (event === controlEvent.open) open ??= parse<OpenData>(data)
    if (event === controlEvent.bye) bye = parse<ByeData>(data)
    if (fields.time !== undefined) arrivals.at(-1)?.times.push(Number(fields.time))
  }

  // A heartbeat is a line that parsers pass over, or an id alone.
  function beat(): void {
    const last = arrivals.at(-1)
    if (last !== undefined) last.beats += 1
  }

  return new Promise((resolve) => {
    let timer = setTimeout(finish, first)
    body.on('data', (chunk: Buffer) => {
      const at = now()
      if (at - (arrivals.at(-1)?.at ?? Number.NEGATIVE_INFINITY) > together) {
        arrivals.push({ at, beats: 0, times: [] })
      }
      const wasOpen = firstEvent !== undefined
      for (const _ of chunk.toString('latin1').matchAll(/^:/gm)) beat()
      try {
        parser.push(chunk)
        for (let item = parser.next(); item; item = parser.next()) take(item)
      } catch {
        // No text of events: its content type, or its first event, tells.
      }
      if (arrivals.reduce((sum, arrival) => sum + arrival.beats, 0) >= beats) finish()
      if (wasOpen || firstEvent === undefined) return
      firstFrame = now()
      clearTimeout(timer)
      timer = setTimeout(finish, rest(open))
    })
    body.on('end', end)
    body.on('error', end)
    body.on('close', end)
    signal.addEventListener('abort', finish)
    if (signal.aborted) finish()

    function end(): void {
      ended ??= now()
      finish()
    }
    function finish(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve({ firstFrame, open, firstEvent, arrivals, bye, ended, watched: now() })
    }
  })
}

function parse<Data>(text: string): Partial<Data> | undefined {
  try {
    const data: unknown = JSON.parse(text)
    return typeof data === 'object' && data !== null ? (data as Partial<Data>) : undefined
  } catch {
    return undefined
  }
}
