import { createParser } from 'eventsource-parser'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventSource } from '../eventsource.ts'
import { FakeClock } from '../fake-clock.fixture.ts'

// The parser itself is held to the standard by the tests of @millrace/protocol. Here it is what becomes of it: every event
// of the stream, once and in order, whatever the chunks.

type Seen = readonly [type: string, data: string, lastEventId: string]

const types = ['message', 'a', 'b', 'é']
const headers = { 'content-type': 'text/event-stream' }

/** What a source fires until the stream ends. */
function eventsOf(chunks: readonly Uint8Array[]): Promise<Seen[]> {
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  const source = new EventSource('http://server.test/', {
    fetch: async () => new Response(body, { headers }),
    clock: new FakeClock(),
  })
  const seen: Seen[] = []
  for (const type of types) {
    source.addEventListener(type, ({ data, lastEventId }) => seen.push([type, data, lastEventId]))
  }
  return new Promise((resolve) => {
    source.addEventListener('error', () => {
      source.close()
      resolve(seen)
    })
  })
}

/** What eventsource-parser says of the same stream in one piece. */
function reference(stream: Uint8Array): Seen[] {
  const seen: Seen[] = []
  let lastEventId = ''
  const parser = createParser({
    onId: (id) => {
      lastEventId = id
    },
    onEvent: ({ event = 'message', data }) => {
      if (types.includes(event)) seen.push([event, data, lastEventId])
    },
  })
  // The standard's decoder takes one byte order mark away; the parser is kept from taking another one.
  parser.feed('')
  parser.feed(new TextDecoder().decode(stream))
  return seen
}

const line = fc
  .tuple(
    fc.constantFrom('data', 'data', 'event', 'id', 'retry', 'Data', 'x'),
    fc.constantFrom(':', ': ', ''),
    fc.oneof(fc.constantFrom('', ' ', ...types, '1', '\0', '\ufeff', '…😀'), fc.string({ maxLength: 8 })),
  )
  .map((parts) => parts.join(''))
const piece = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n')) },
  { weight: 1, arbitrary: fc.constantFrom(['\ufeff'], [':'], ['\n'], ['\r'], ['event:a\ndata:1\n\n']) },
)
const bytes = fc.oneof(
  { weight: 8, arbitrary: piece.map((texts) => [...new TextEncoder().encode(texts.join(''))]) },
  { weight: 1, arbitrary: fc.array(fc.nat(255), { maxLength: 6 }) },
)

it('fires of 3,000 random streams, in random chunks, what eventsource-parser finds in them', async () => {
  let events = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(bytes, { maxLength: 30, size: 'max' }),
      fc.array(fc.nat(400), { maxLength: 8, size: 'max' }),
      async (pieces, places) => {
        const stream = Uint8Array.from(pieces.flat())
        const cuts = places.map((place) => place % (stream.length + 1)).sort((a, b) => a - b)
        const chunks = [0, ...cuts].map((start, index) =>
          stream.subarray(start, cuts[index] ?? stream.length),
        )
        const seen = await eventsOf(chunks)
        expect(seen).toEqual(reference(stream))
        events += seen.length
      },
    ),
    { numRuns: 3_000 },
  )
  // Streams of which nothing comes would prove nothing.
  expect(events).toBeGreaterThan(5_000)
})
