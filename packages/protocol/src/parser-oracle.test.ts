import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesOf, splitAt, type TraceEntry, traceOf } from './parser.fixture.ts'
import { referenceTrace, standardTrace } from './parser-oracle.fixture.ts'

const extensionFields = ['topic', 'time']

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
        expectSame(trace, standardTrace(stream, { lastEventId, extensionFields }))
        expectSame(trace.map(withoutFields), referenceTrace(chunks, lastEventId))
        entries += trace.length
      },
    ),
    { numRuns: 100_000 },
  )
  // Streams so hostile that nothing is ever dispatched would prove nothing.
  expect(entries).toBeGreaterThan(100_000)
})

function withoutFields(entry: TraceEntry): TraceEntry {
  return entry[0] === 'message' ? [entry[0], entry[1], entry[2], entry[3]] : entry
}

// The matcher is asked only for its report: on so many streams it would take most of the time.
function expectSame(actual: TraceEntry[], expected: TraceEntry[]): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected)
}
