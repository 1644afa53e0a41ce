import * as fc from 'fast-check'
import { encodeFrame, type Frame, frameExtensionFields, heartbeatFrame } from '../frame.ts'
import { FrameError } from '../frame-error.ts'
import { splitAt, type TraceEntry, traceOf } from '../parser.fixture.ts'
import { referenceTrace, standardTrace } from '../parser-oracle.fixture.ts'
import { expectSame, type FuzzTarget } from './fuzz-target.fixture.ts'

// What is in a text: harmless, looking like the wire's own, and what no field may hold.
const harmless = ['a', ' ', ':', '0', 'é', '😀', '\ufeff', '\u2028', '\t', '\ud800', '', '{"a":1}', '\x7f']
const wirelike = ['data: x', 'id:', 'event: ', 'retry: 5', 'data', ': ', '::', 'null', '__proto__', 'ï»¿']
const breaking = ['\n', '\r', '\r\n', '\n\n', '\0', '\ndata: x\n\n']
const textOf = (parts: readonly string[]) =>
  fc.array(fc.constantFrom(...parts), { maxLength: 5 }).map((chosen) => chosen.join(''))

const anyText = fc.oneof(
  { weight: 8, arbitrary: textOf([...harmless, ...wirelike]) },
  { weight: 1, arbitrary: textOf([...harmless, ...wirelike, ...breaking]) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)
const anyId = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('k3f9.1', 'k3f9.2', '', ' ', '0.0', 'a b', '~!') },
  { weight: 1, arbitrary: anyText },
)
const anyData = fc.oneof(
  textOf([...harmless, ...wirelike, ...breaking]),
  fc.json({ maxDepth: 2, stringUnit: 'binary' }),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
const anyNumber = fc.oneof(
  { weight: 9, arbitrary: fc.oneof(fc.maxSafeNat(), fc.nat(9)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '5\ndata: x', null),
  },
)
const anyFrame = fc.record(
  {
    retry: anyNumber,
    id: anyId,
    event: anyText,
    topic: anyText,
    time: anyNumber,
    version: anyNumber,
    trace: anyText,
    at: anyText,
    data: fc.option(anyData, { nil: undefined, freq: 20 }),
  },
  { requiredKeys: ['data'] },
)

// What a frame promises, said anew: the encoder is not asked.
function isAllowed(frame: Readonly<Record<string, unknown>>): boolean {
  const given = Object.entries(frame).filter(([, value]) => value !== undefined)
  if (frame.data === undefined) return given.length === 1 && given[0]?.[0] === 'id' && isAsciiText(frame.id)
  return given.every(([name, value]) => {
    if (['retry', 'time', 'version'].includes(name)) return Number.isSafeInteger(value) && Number(value) >= 0
    if (typeof value !== 'string') return false
    if (name === 'data') return true
    return name === 'id' ? isAsciiText(value) : !['\r', '\n', '\0'].some((each) => value.includes(each))
  })
}

function isAsciiText(value: unknown): boolean {
  return typeof value === 'string' && [...value].every((character) => character >= ' ' && character <= '~')
}

// UTF-8 has no lone surrogates.
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const overUtf8 = (text: string) => decoder.decode(encoder.encode(text))

function expectedOf(frame: Frame, lastEventId: string): TraceEntry[] {
  const id = frame.id ?? lastEventId
  if (frame.data === undefined) return frame.id === undefined ? [] : [['id', id]]
  const named = frameExtensionFields.filter((name) => frame[name] !== undefined)
  const fields = Object.fromEntries(named.map((name) => [name, overUtf8(String(frame[name]))]))
  const data = overUtf8(frame.data.replace(/\r\n|\r/g, '\n'))
  const message = ['message', overUtf8(frame.event || 'message'), data, id] as const
  return [
    ...(frame.retry === undefined ? [] : [['retry', frame.retry] as const]),
    named.length > 0 ? [...message, fields] : message,
  ]
}

const withoutFields = (entry: TraceEntry): TraceEntry =>
  entry[0] === 'message' ? [entry[0], entry[1], entry[2], entry[3]] : entry

function encoded(frame: Readonly<Record<string, unknown>>): string | undefined {
  try {
    // The types forbid much of it; callers without types can do it all the same.
    return encodeFrame(frame as Frame)
  } catch (error) {
    if (!FrameError.isInstance(error)) throw error
    return undefined
  }
}

/** Frames of any values: each is refused, or arrives as it was meant with every parser of the standard. */
export const frames: FuzzTarget = {
  name: 'frames',
  title: 'streams of frames of any values: a frame is refused, or every parser reads its very fields',
  property: fc.property(
    fc.array(fc.tuple(anyFrame, fc.boolean()), { minLength: 1, maxLength: 3 }),
    fc.array(fc.nat(400), { maxLength: 4 }),
    (given, places) => {
      const expected: TraceEntry[] = []
      let text = ''
      let lastEventId = ''
      for (const [frame, beat] of given) {
        const bytes = encoded(frame)
        expectSame(bytes !== undefined, isAllowed(frame), `Whether it may be sent: ${JSON.stringify(frame)}`)
        if (bytes === undefined) continue
        text += `${beat ? heartbeatFrame : ''}${bytes}`
        expected.push(...expectedOf(frame as Frame, lastEventId))
        lastEventId = frame.id ?? lastEventId
      }
      const stream = encoder.encode(text)
      const options = { lastEventId: '', extensionFields: frameExtensionFields }
      const chunks = splitAt(stream, places)
      expectSame(standardTrace(stream, options), expected, 'By the standard')
      expectSame(traceOf(chunks, options), expected, 'By our parser')
      expectSame(referenceTrace(chunks, ''), expected.map(withoutFields), 'By eventsource-parser')
    },
  ) as fc.IRawProperty<unknown>,
}
