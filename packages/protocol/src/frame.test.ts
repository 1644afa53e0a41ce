import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame, type Frame, frameExtensionFields, heartbeatFrame } from './frame.ts'
import { FrameError } from './frame-error.ts'
import { bytesOf, type TraceEntry, traceOf } from './parser.fixture.ts'

function read(text: string): TraceEntry[] {
  return traceOf([bytesOf(text)], { extensionFields: frameExtensionFields })
}

function refusal(frame: unknown): unknown {
  try {
    // The types forbid what is tried here; callers without types can do it all the same.
    encodeFrame(frame as Frame)
  } catch (error) {
    return error
  }
  return undefined
}

function expectRefused(frame: unknown, field: string): void {
  const error = refusal(frame)
  expect(FrameError.isInstance(error)).toBe(true)
  expect(error).toMatchObject({ name: 'FrameError', code: 'frame', field })
}

const breaker = fc.constantFrom('\r', '\n', '\0', '\r\n')
const broken = fc
  .tuple(fc.string({ unit: 'binary' }), breaker, fc.string({ unit: 'binary' }))
  .map((parts) => parts.join(''))
const text = fc.string({ unit: 'binary' }).map((value) => value.replace(/[\r\n\0]/g, ''))
const id = fc.string({ unit: 'grapheme-ascii' })

describe('encodeFrame writes', () => {
  it.each<[string, Frame, string]>([
    [
      'every field, in order',
      {
        data: '{}',
        trace: '00-a',
        version: 2,
        time: 9,
        topic: 'orders/42',
        event: 'placed',
        id: 'k.1',
        retry: 2000,
      },
      'retry: 2000\nid: k.1\nevent: placed\ntopic: orders/42\ntime: 9\nversion: 2\ntrace: 00-a\ndata: {}\n\n',
    ],
    ['an id alone', { id: 'k.1' }, 'id: k.1\n\n'],
    ['an empty id alone', { id: '' }, 'id: \n\n'],
    ['data alone', { data: '1' }, 'data: 1\n\n'],
    [
      'falsy values',
      { retry: 0, id: '', event: '', topic: '', time: 0, version: 0, trace: '', data: '' },
      'retry: 0\nid: \nevent: \ntopic: \ntime: 0\nversion: 0\ntrace: \ndata: \n\n',
    ],
    [
      'a line for each line of data',
      { data: '\na\r\nb\rc\n' },
      'data: \ndata: a\ndata: b\ndata: c\ndata: \n\n',
    ],
    ['spaces so that they stay', { event: ' a ', data: ' b ' }, 'event:  a \ndata:  b \n\n'],
    ['U+2028, NUL and byte order marks of data', { data: '\u2028\0\ufeff' }, 'data: \u2028\0\ufeff\n\n'],
  ])('%s', (_, frame, expected) => {
    expect(encodeFrame(frame)).toBe(expected)
  })
})

describe('encodeFrame refuses', () => {
  it.each(['id', 'event', 'topic', 'trace'])('CR, LF and NUL in %s', (field) => {
    fc.assert(fc.property(broken, (value) => expectRefused({ data: '1', [field]: value }, field)))
  })

  it('an id that is not printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        fc.pre(/[^ -~]/.test(value))
        expectRefused({ id: value }, 'id')
      }),
    )
    for (const value of ['\t', '\x1f', '\x7f', 'é', '😀', '\ud800']) expectRefused({ id: value }, 'id')
  })

  it.each(['retry', 'time', 'version'])('a %s that is not an integer of 0 or more', (field) => {
    for (const value of [
      -1,
      0.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 53,
      '5',
      '5\ndata: x',
      5n,
      null,
      [5],
      true,
    ]) {
      expectRefused({ data: '1', [field]: value }, field)
    }
  })

  it.each(['id', 'event', 'topic', 'trace', 'data'])('a %s that is not a string', (field) => {
    const shifty = { toString: () => 'a\ndata: b' }
    for (const value of [0, 1, null, true, {}, ['a'], Symbol('a'), shifty, new String('a')]) {
      expectRefused({ data: '1', [field]: value }, field)
    }
  })

  it.each(['retry', 'event', 'topic', 'time', 'version', 'trace'])('a %s without data', (field) => {
    const value = ['retry', 'time', 'version'].includes(field) ? 0 : ''
    expectRefused({ [field]: value }, field)
    expectRefused({ id: 'k.1', [field]: value }, field)
    // What `JSON.stringify` makes of `undefined`.
    expectRefused({ id: 'k.1', [field]: value, data: undefined }, field)
  })

  it('a frame of nothing', () => {
    expectRefused({}, 'data')
  })
})

describe('a frame arrives', () => {
  it('with its data, whatever the text, each line end as LF', () => {
    const lines = fc.array(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\r', '\n', '\r\n', ' ', ':', '')),
    )
    fc.assert(
      fc.property(
        lines.map((parts) => parts.join('')),
        (data) => {
          expect(read(encodeFrame({ data }))).toEqual([
            ['message', 'message', data.replace(/\r\n|\r/g, '\n'), ''],
          ])
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('with its JSON on one line', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (data) => {
        const encoded = encodeFrame({ data })
        expect(encoded.split('\n')).toHaveLength(3)
        expect(read(encoded)).toEqual([['message', 'message', data, '']])
      }),
      { numRuns: 1000 },
    )
  })

  it('with every field, and nothing else', () => {
    const frame = fc.record(
      {
        retry: fc.maxSafeNat(),
        id,
        event: text,
        topic: text,
        time: fc.maxSafeNat(),
        version: fc.maxSafeNat(),
        trace: text,
        at: text,
        data: fc.string({ unit: 'binary' }).map((value) => value.replace(/\r/g, '\n')),
      },
      { requiredKeys: ['data'] },
    )
    fc.assert(
      fc.property(frame, (sent) => {
        const fields = Object.fromEntries(
          frameExtensionFields.filter((name) => name in sent).map((name) => [name, String(sent[name])]),
        )
        const message = ['message', sent.event || 'message', sent.data, sent.id ?? ''] as const
        expect(read(encodeFrame(sent as Frame))).toEqual([
          ...(sent.retry === undefined ? [] : [['retry', sent.retry]]),
          Object.keys(fields).length > 0 ? [...message, fields] : message,
        ])
      }),
      { numRuns: 1000 },
    )
  })

  it('as an id without an event, when it is only that', () => {
    expect(read(encodeFrame({ id: 'k.1' }))).toEqual([['id', 'k.1']])
  })

  it('after heartbeats as without them', () => {
    const frame = encodeFrame({ id: 'k.1', data: '1' })
    expect(read(`${heartbeatFrame}${heartbeatFrame}${frame}${heartbeatFrame}`)).toEqual(read(frame))
    expect(heartbeatFrame).toBe(':\n')
  })
})
