import { createParser } from 'eventsource-parser'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesOf, splitAt, type TraceEntry, traceOf } from './parser.fixture.ts'

const extensionFields = ['topic', 'time']

// The standard word for word, over a whole stream. The constructor's default strips one byte order mark.
function standardTrace(stream: Uint8Array, lastEventIdBuffer: string): TraceEntry[] {
  const trace: TraceEntry[] = []
  const lines = new TextDecoder().decode(stream).split(/\r\n|\n|\r/)
  lines.pop()
  let lastEventId = lastEventIdBuffer
  let data = ''
  let eventType = ''
  let fields: Record<string, string> = {}
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (line === '') {
      const moved = lastEventId !== lastEventIdBuffer
      lastEventId = lastEventIdBuffer
      const message = ['message', eventType || 'message', data.slice(0, -1), lastEventId] as const
      if (data !== '') trace.push(Object.keys(fields).length > 0 ? [...message, fields] : message)
      else if (moved) trace.push(['id', lastEventId])
      data = ''
      eventType = ''
      fields = {}
    } else if (name === 'event') {
      eventType = value
    } else if (name === 'data') {
      data += `${value}\n`
    } else if (name === 'id') {
      if (!value.includes('\0')) lastEventIdBuffer = value
    } else if (name === 'retry') {
      if (/^[0-9]+$/.test(value)) trace.push(['retry', Math.min(Number(value), Number.MAX_SAFE_INTEGER)])
    } else if (extensionFields.includes(name)) {
      fields[name] = value
    }
  }
  return trace
}

// eventsource-parser reads text, and tells the ids of blocks rather than the one that persists.
function referenceTrace(chunks: readonly Uint8Array[], lastEventId: string): TraceEntry[] {
  const trace: TraceEntry[] = []
  let idOnly: string | undefined
  const settleId = () => {
    if (idOnly !== undefined && idOnly !== lastEventId) trace.push(['id', idOnly])
    lastEventId = idOnly ?? lastEventId
    idOnly = undefined
  }
  const parser = createParser({
    onId: (id) => {
      settleId()
      idOnly = id
    },
    onEvent: ({ event, data, id }) => {
      // The id that came just before is this block's if the event has one, else that of an earlier block.
      if (id === undefined) settleId()
      else idOnly = undefined
      lastEventId = id ?? lastEventId
      trace.push(['message', event ?? 'message', data, lastEventId])
    },
    onRetry: (milliseconds) => {
      settleId()
      // It does not clamp.
      trace.push(['retry', Math.min(milliseconds, Number.MAX_SAFE_INTEGER)])
    },
  })
  // It looks for a byte order mark in the first text only, even when that is empty because the mark is not complete yet,
  // and takes the text 'ï»¿' for one. An empty text first makes it leave all marks to the adapter.
  parser.feed('')
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let beginning = true
  for (const chunk of chunks) {
    let text = decoder.decode(chunk, { stream: true })
    if (beginning && text !== '') {
      beginning = false
      if (text.startsWith('\ufeff')) text = text.slice(1)
    }
    parser.feed(text)
  }
  settleId()
  return trace
}

const names = ['data', 'data', 'data', 'event', 'id', 'retry', 'topic', 'time', 'Data', 'dat', 'eventx', 'x']
const hostile = [
  '\r',
  '\n',
  '\r\n',
  '\n\n',
  ':',
  ': ',
  ' ',
  '\t',
  '\0',
  '\ufeff',
  '7',
  '03000',
  'é',
  '€',
  '😀',
  'ï»¿',
  'a',
]
const values = ['', ' ', '1', 'two', ' 2', '\u2028', '\0', '99999999999999999999', 'x'.repeat(40)]
const line = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom(':', ': ', ''), fc.constantFrom(...values))
  .map((parts) => parts.join(''))
const end = fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', '\n\r', '')
const part = fc.oneof(
  { weight: 7, arbitrary: fc.tuple(line, end).map(([text, ending]) => bytesOf(text, ending)) },
  { weight: 3, arbitrary: fc.constantFrom(...hostile, ...names).map((text) => bytesOf(text)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom([0xff], [0xc3], [0xe2, 0x82], [0xef], [0xbb], [0xbf])
      .map((bytes) => bytesOf(bytes)),
  },
)

it('reads 100,000 random streams as the standard says and as eventsource-parser does', () => {
  let entries = 0
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 36, size: 'max' }),
      fc.array(fc.nat(400), { maxLength: 8, size: 'max' }),
      fc.constantFrom('', 'seed'),
      (parts, places, lastEventId) => {
        const stream = bytesOf(...parts.map((bytes) => Array.from(bytes)))
        const chunks = splitAt(stream, places)
        const trace = traceOf(chunks, { lastEventId, extensionFields })
        expectSame(trace, standardTrace(stream, lastEventId))
        expectSame(trace.map(withoutFields), referenceTrace(chunks, lastEventId))
        entries += trace.length
      },
    ),
    { numRuns: 100_000 },
  )
  // Streams so hostile that nothing is ever dispatched would prove nothing.
  expect(entries).toBeGreaterThan(100_000)
}, 60_000)

function withoutFields(entry: TraceEntry): TraceEntry {
  return entry[0] === 'message' ? [entry[0], entry[1], entry[2], entry[3]] : entry
}

// The matcher is asked only for its report: on so many streams it would take most of the time.
function expectSame(actual: TraceEntry[], expected: TraceEntry[]): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected)
}
