import { SseParser, type SseParserOptions } from './parser.ts'
import type { SseItem } from './sse-item.ts'

/** What a parser told, in order. Fields stand only where a block had some. */
export type TraceEntry =
  | readonly [
      kind: 'message',
      event: string,
      data: string,
      lastEventId: string,
      fields?: Readonly<Record<string, string>>,
    ]
  | readonly [kind: 'id', lastEventId: string]
  | readonly [kind: 'retry', milliseconds: number]

/** Reads the chunks of one stream with the parser and writes down what it told. */
export function traceOf(chunks: readonly Uint8Array[], options?: SseParserOptions): TraceEntry[] {
  const trace: TraceEntry[] = []
  const parser = new SseParser({ ...options, onRetry: (milliseconds) => trace.push(['retry', milliseconds]) })
  for (const chunk of chunks) {
    for (const item of itemsOf(parser, chunk)) {
      if (!('event' in item)) trace.push(['id', item.lastEventId])
      else {
        const { event, data, lastEventId, fields } = item
        const hasFields = Object.keys(fields).length > 0
        trace.push(
          hasFields
            ? ['message', event, data, lastEventId, { ...fields }]
            : ['message', event, data, lastEventId],
        )
      }
    }
  }
  return trace
}

/** What some bytes complete. */
export function* itemsOf(parser: SseParser, chunk: Uint8Array): Generator<SseItem, void> {
  parser.push(chunk)
  for (let item = parser.next(); item; item = parser.next()) yield item
}

/** The bytes of a stream; text is encoded, bytes are taken as they are. */
export function bytesOf(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => [...(typeof part === 'string' ? new TextEncoder().encode(part) : part)]),
  )
}

export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
}

/** Cuts bytes at these places, in any order; equal places give empty chunks. */
export function splitAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index] ?? bytes.length))
}
