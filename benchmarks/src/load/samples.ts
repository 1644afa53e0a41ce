import { SseParser } from '@millrace/protocol'
import { type BenchmarkEvent, eventBytes, marker } from '../event.ts'

/** A stream that was kept whole. */
export interface Sample {
  /** Body as it came, chunk framing of HTTP included. */
  readonly text: string
  /** How many events were counted in it. */
  readonly events: number
}

/** Reads a stream as a client would, and answers what is wrong with it; nothing when it holds what was counted, whole and in order. */
export function faultOf({ text, events }: Sample): string | undefined {
  const numbers: number[] = []
  let size: number | undefined
  const parser = new SseParser()
  parser.push(new TextEncoder().encode(withoutChunks(text)))
  for (let item = parser.next(); item; item = parser.next()) {
    const event = 'event' in item ? eventIn(item.data) : undefined
    if (event === undefined) continue
    numbers.push(Number(event.number.slice(marker.length)))
    if (JSON.stringify(event).length !== eventBytes) size = JSON.stringify(event).length
  }
  if (numbers.length !== events) return `${numbers.length} events were parsed and ${events} counted`
  const [first = 0, second = first] = numbers
  if (numbers.some((number, index) => number !== first + index * (second - first)))
    return 'events are missing or not in order'
  return size === undefined ? undefined : `an event has ${size} bytes`
}

// oRPC puts the value below a property of its own.
function eventIn(data: string): BenchmarkEvent | undefined {
  if (!data.includes(marker)) return undefined
  const value = JSON.parse(data) as BenchmarkEvent | { readonly json: BenchmarkEvent }
  return 'json' in value ? value.json : value
}

// [RFC 9112 §7.1] A body without chunks begins with a letter or a colon and a line end that is none of these.
function withoutChunks(text: string): string {
  let rest = text
  let body = ''
  for (let size = chunkSize(rest); size !== undefined; size = chunkSize(rest)) {
    const start = rest.indexOf('\r\n') + 2
    body += rest.slice(start, start + size)
    rest = rest.slice(start + size + 2)
  }
  return body + (body === '' ? rest : '')
}

function chunkSize(text: string): number | undefined {
  const match = /^([0-9a-f]+)\r\n/i.exec(text)
  return match === null ? undefined : Number.parseInt(match[1] as string, 16)
}
