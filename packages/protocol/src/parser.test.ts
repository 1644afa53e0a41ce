import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteByByte, bytesOf, itemsOf, splitAt, type TraceEntry, traceOf } from './parser.fixture.ts'
import { SseParser, type SseParserOptions } from './parser.ts'
import type { SseItem } from './sse-item.ts'
import { SseLimitError } from './sse-limit-error.ts'

interface Fixture {
  readonly name: string
  readonly stream: Uint8Array
  readonly options?: SseParserOptions
  readonly trace: readonly TraceEntry[]
}

const byteOrderMark = [0xef, 0xbb, 0xbf]

function message(data: string, event = 'message', lastEventId = ''): TraceEntry {
  return ['message', event, data, lastEventId]
}

// The rows are those of the list of behaviours that are hard to get right.
const fixtures: readonly Fixture[] = [
  {
    name: 'P1 strips a byte order mark at the beginning',
    stream: bytesOf(byteOrderMark, 'data: 1\n\n'),
    trace: [message('1')],
  },
  {
    name: 'P1 strips only one byte order mark: the second belongs to the name of an unknown field',
    stream: bytesOf(byteOrderMark, byteOrderMark, 'data: 1\n\ndata: 2\n\n'),
    trace: [message('2')],
  },
  {
    name: 'P1 strips no byte order mark later on',
    stream: bytesOf('data: 1\n\n', byteOrderMark, 'data: 2\n\ndata: 3\n\n'),
    trace: [message('1'), message('3')],
  },
  {
    name: 'P1 strips a byte order mark before a comment and a blank line',
    stream: bytesOf(byteOrderMark, ':\n', byteOrderMark, 'data: 1\n\n\ndata: 2\n\n'),
    trace: [message('2')],
  },
  {
    name: 'P1 takes the same bytes read as Latin-1 for text',
    stream: bytesOf('ï»¿data: 1\n\ndata: 2\n\n'),
    trace: [message('2')],
  },
  {
    name: 'P3 ends lines with LF',
    stream: bytesOf('event: a\ndata: 1\n\ndata: 2\n\n'),
    trace: [message('1', 'a'), message('2')],
  },
  {
    name: 'P3 ends lines with CRLF',
    stream: bytesOf('event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n'),
    trace: [message('1', 'a'), message('2')],
  },
  {
    name: 'P3 ends lines with CR',
    stream: bytesOf('event: a\rdata: 1\r\rdata: 2\r\r'),
    trace: [message('1', 'a'), message('2')],
  },
  {
    name: 'P3 ends lines with all three in one block',
    stream: bytesOf('data: 1\rdata: 2\r\ndata: 3\n\rdata: 4\n\r\ndata: 5\r\n\ndata: 6\r\n\r'),
    trace: [message('1\n2\n3'), message('4'), message('5'), message('6')],
  },
  {
    name: 'P4 takes a CR at the end for the end of its line',
    stream: bytesOf('data: 1\r\r'),
    trace: [message('1')],
  },
  {
    name: 'P5 reads characters of two, three and four bytes',
    stream: bytesOf('event: é\ndata: €😀\n\n'),
    trace: [message('€😀', 'é')],
  },
  {
    name: 'P5 reads invalid bytes as U+FFFD',
    stream: bytesOf(
      'data: ',
      [0xff],
      'a',
      [0xc3],
      '\n\ndata: ',
      [0xe2, 0x82],
      '\r\ndata: ',
      [0xf0, 0x9f],
      '\n\n',
    ),
    trace: [message('\ufffda\ufffd'), message('\ufffd\n\ufffd')],
  },
  {
    name: 'P6 removes one leading space and no more',
    stream: bytesOf('data:1\ndata: 2\ndata:  3\ndata:\t4\ndata: 5 \ndata: \ndata:  \n\n'),
    trace: [message('1\n2\n 3\n\t4\n5 \n\n ')],
  },
  {
    name: 'P7 reads a line without a colon as a field without a value',
    stream: bytesOf('data\ndata: 1\ndata\n\nid: 1\n\nid\nevent: a\nevent\nretry\ndata: 2\n\n'),
    trace: [message('\n1\n'), ['id', '1'], message('2')],
  },
  {
    name: 'P8 fires an event for empty data, and none for no data',
    stream: bytesOf('data:\n\ndata\n\nevent: a\n\n\n\n'),
    trace: [message(''), message('')],
  },
  {
    name: 'P8 keeps a first data line that is empty',
    stream: bytesOf('data:\ndata: foo\n\n'),
    trace: [message('\nfoo')],
  },
  {
    name: 'P9 compares names literally',
    stream: bytesOf(
      ' data: 1\nData: 2\nDATA: 3\ndata\0: 4\nda-ta: 5\ndata : 6\ndat: 7\ndatas: 8\nEvent: a\nids: 9\nretry : 5\n',
      'data: good\n\n',
    ),
    trace: [message('good')],
  },
  {
    name: 'P10 skips comments, whatever they hold',
    stream: bytesOf(
      ':\n: data: 1\n:data: 2\n:\0\n::\ndata: 3\n:\r:\r\n:data: 4',
      'x'.repeat(5000),
      '\ndata: 5\n\n',
    ),
    trace: [message('3\n5')],
  },
  {
    name: 'P11 forgets the name at each blank line',
    stream: bytesOf('event: a\n\ndata: 1\n\nevent: b\ndata: 2\n\ndata: 3\n\n'),
    trace: [message('1'), message('2', 'b'), message('3')],
  },
  {
    name: 'P11 lets an empty name take an earlier one back',
    stream: bytesOf('event: a\nevent:\ndata: 1\n\nevent: a\nevent: b\ndata: 2\n\n'),
    trace: [message('1'), message('2', 'b')],
  },
  {
    name: 'P12 ignores an id that holds NUL',
    stream: bytesOf('id: 1\nid: 2\0\ndata: a\n\nid: \0\ndata: b\n\n'),
    trace: [message('a', 'message', '1'), message('b', 'message', '1')],
  },
  {
    name: 'P12 lets an empty id take an earlier one back',
    stream: bytesOf('id: 1\ndata: a\n\nid:\ndata: b\n\nid: 2\n\nid\n\n'),
    trace: [message('a', 'message', '1'), message('b'), ['id', '2'], ['id', '']],
  },
  {
    name: 'P13 commits an id at the blank line, with or without data',
    stream: bytesOf('id: 1\n\nid: 2\nevent: a\n\ndata: b\n\nid: 2\n\nid: 3'),
    trace: [['id', '1'], ['id', '2'], message('b', 'message', '2'), ['id', '2']],
  },
  {
    name: 'P14 gives each message the id that persists',
    stream: bytesOf('id: 1\ndata: a\n\ndata: b\n\ndata: c\nid: 2\nid: 3\n\n'),
    trace: [message('a', 'message', '1'), message('b', 'message', '1'), message('c', 'message', '3')],
  },
  {
    name: 'P15 discards an unfinished event at the end',
    stream: bytesOf('data: 1\nid: 1\n\nid: 2\nevent: a\ndata: 2\n'),
    trace: [message('1', 'message', '1')],
  },
  {
    name: 'P15 discards an unfinished line at the end',
    stream: bytesOf('data: 1\n\nretry: 1000'),
    trace: [message('1')],
  },
  {
    name: 'P16 takes only ASCII digits for a reconnection time',
    stream: bytesOf(
      'retry: 03000\nretry:0\nretry: 1000x\nretry:  5\nretry: -1\nretry: 1e3\nretry:\nretry\nretry: ٣\nretry: 1.5\nretry: 7 \n',
      'retry: +1\nretry: 0x1\n',
    ),
    trace: [
      ['retry', 3000],
      ['retry', 0],
    ],
  },
  {
    name: 'P16 applies a reconnection time at its line',
    stream: bytesOf('data: 1\nretry: 5\ndata: 2\n\n'),
    trace: [['retry', 5], message('1\n2')],
  },
  {
    name: 'P16 clamps a reconnection time',
    stream: bytesOf(`retry: 9007199254740991\nretry: 9007199254740992\nretry: ${'9'.repeat(400)}\n`),
    trace: [
      ['retry', Number.MAX_SAFE_INTEGER],
      ['retry', Number.MAX_SAFE_INTEGER],
      ['retry', Number.MAX_SAFE_INTEGER],
    ],
  },
  {
    name: 'P18 keeps NUL and byte order marks in data',
    stream: bytesOf('data: \0a', byteOrderMark, 'b\0\ndata:', byteOrderMark, 'c\n\n'),
    trace: [message('\0a\ufeffb\0\n\ufeffc')],
  },
  {
    name: 'P19 fires each event of a chunk, the last one too',
    stream: bytesOf('data: 1\n\ndata: 2\n\n: after'),
    trace: [message('1'), message('2')],
  },
  {
    name: 'C1 begins with the id that the stream was resumed from',
    stream: bytesOf(':\n\nretry: 2000\n\ndata: 1\n\nid: 8\n\n'),
    options: { lastEventId: '7' },
    trace: [['retry', 2000], message('1', 'message', '7'), ['id', '8']],
  },
  {
    name: 'extension fields: collects those that were asked for, per block',
    stream: bytesOf('topic: a/1\ntime: 5\nother: x\ndata: 1\n\ndata: 2\n\ntime: 6\n\ntopic\ndata: 3\n\n'),
    options: { extensionFields: ['topic', 'time'] },
    trace: [
      ['message', 'message', '1', '', { topic: 'a/1', time: '5' }],
      message('2'),
      ['message', 'message', '3', '', { topic: '' }],
    ],
  },
  {
    name: 'extension fields: the last one of a name wins',
    stream: bytesOf('topic: a\ntopic:  b\nTopic: c\ntopics: d\ntop: e\ndata: 1\n\n'),
    options: { extensionFields: ['topic'] },
    trace: [['message', 'message', '1', '', { topic: ' b' }]],
  },
  {
    name: 'extension fields: tells names apart that begin alike',
    stream: bytesOf('dat: 1\ndata2: 2\ne: 3\nidx: 4\ndata: 5\n\n'),
    options: { extensionFields: ['dat', 'data2', 'e', 'idx'] },
    trace: [['message', 'message', '5', '', { dat: '1', data2: '2', e: '3', idx: '4' }]],
  },
  {
    name: 'limits: lets through what is just as long',
    stream: bytesOf('data: 7\r\ndata: 7\r\n\r\nevent: 8\ndata: 7\n\n'),
    options: { maxLineLength: 8, maxEventLength: 3 },
    trace: [message('7\n7'), message('7', '8')],
  },
  {
    name: 'limits: do not apply to comments and ignored fields',
    stream: bytesOf(`:${'x'.repeat(99)}\nother:${'x'.repeat(99)}\ndatax${'x'.repeat(99)}\ndata: 1\n\n`),
    options: { maxLineLength: 8, maxEventLength: 1 },
    trace: [message('1')],
  },
]

describe.each(fixtures)('$name', ({ stream, options, trace }) => {
  it('whole', () => {
    expect(traceOf([stream], options)).toEqual(trace)
  })

  it('byte by byte', () => {
    expect(traceOf(byteByByte(stream), options)).toEqual(trace)
  })

  it('at random splits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (places) => {
        expect(traceOf(splitAt(stream, places), options)).toEqual(trace)
      }),
      { numRuns: 60 },
    )
  })
})

/** A parser that is asked at once for all that some bytes complete. */
function collect(options?: SseParserOptions) {
  const parser = new SseParser(options)
  const seen: SseItem[] = []
  return {
    parser,
    seen,
    push(chunk: Uint8Array) {
      for (const item of itemsOf(parser, chunk)) seen.push(item)
    },
  }
}

function data(item: SseItem | undefined): string | undefined {
  return item && 'data' in item ? item.data : undefined
}

function caught(action: () => void): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}

it('P1 strips a byte order mark that comes in three chunks with empty ones between', () => {
  const { push, seen } = collect()
  for (const part of [[], [0xef], [], [0xbb], [], [0xbf], []]) push(bytesOf(part))
  push(bytesOf('data: 1\n\n'))
  expect(seen).toMatchObject([{ data: '1' }])
})

it('P2 strips again on every stream', () => {
  const stream = bytesOf(byteOrderMark, 'data: 1\n\n')
  expect(traceOf([stream])).toEqual([message('1')])
  expect(traceOf([stream])).toEqual([message('1')])
})

describe('P3 and P4: a CR at the end of a chunk', () => {
  it('fires at once and takes one following LF along', () => {
    const { push, seen } = collect()
    push(bytesOf('data: 1\r'))
    push(bytesOf('\r'))
    expect(seen).toMatchObject([{ data: '1' }])
    push(bytesOf('\ndata: 2\n\r'))
    expect(seen).toMatchObject([{ data: '1' }, { data: '2' }])
  })

  it('waits for the LF over an empty chunk', () => {
    const { push, seen } = collect()
    for (const chunk of ['data: 1\r', '', '\n', 'data: 2\r', '', '\n', '\n']) push(bytesOf(chunk))
    expect(seen).toMatchObject([{ data: '1\n2' }])
  })

  it('takes one LF along, not two', () => {
    const { push, seen } = collect()
    push(bytesOf('data: 1\r'))
    push(bytesOf('\n\n'))
    expect(seen).toMatchObject([{ data: '1' }])
  })
})

// More than the longest string that V8 can make: holding the line would throw.
it.each([':', 'other: ', 'data2', 'x'])(
  'P10 skips a line that begins with %j without holding it',
  (beginning) => {
    const { push, seen } = collect({ extensionFields: ['topic'] })
    push(bytesOf(beginning))
    const filler = new Uint8Array(2 ** 24).fill(120)
    for (let pushed = 0; pushed <= 2 ** 29; pushed += filler.length) push(filler)
    push(bytesOf('\ndata: 1\n\n'))
    expect(seen).toMatchObject([{ data: '1' }])
  },
)

it('P13 moves lastEventId at the blank line and not before', () => {
  const { parser, push } = collect({ lastEventId: '1' })
  expect(parser.lastEventId).toBe('1')
  push(bytesOf('id: 2\n'))
  expect(parser.lastEventId).toBe('1')
  push(bytesOf('\nid: 3'))
  expect(parser.lastEventId).toBe('2')
})

// These tests run in Node, which this package knows nothing of.
interface CpuTime {
  readonly user: number
  readonly system: number
}
declare const process: { cpuUsage(before?: CpuTime): CpuTime }

describe('P17', () => {
  // Of the processor, and not of the clock: whoever else has it does not count.
  function spentOn(task: () => void): number {
    const before = process.cpuUsage()
    task()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }

  it('reads a line of 8 MB in chunks of 1 KB in linear time', () => {
    const { push, seen } = collect()
    const chunk = new Uint8Array(1024).fill(120)
    const milliseconds = spentOn(() => {
      push(bytesOf('data: '))
      for (let index = 0; index < 8191; index++) push(chunk)
      push(bytesOf('\n\n'))
    })
    expect(data(seen[0])?.length).toBe(8191 * 1024)
    // A tenth of that is what it takes.
    expect(milliseconds).toBeLessThan(300)
  })

  it.each([
    ['one chunk', Number.POSITIVE_INFINITY],
    ['chunks of 1 KB', 1024],
  ])('reads 100,000 data lines of one event in %s in linear time', (_, size) => {
    const { push, seen } = collect()
    const stream = bytesOf(`${'data: x\r'.repeat(100_000)}\r`)
    const milliseconds = spentOn(() => {
      for (let at = 0; at < stream.length; at += size) push(stream.subarray(at, at + size))
    })
    expect(data(seen[0])).toBe(`${'x\n'.repeat(99_999)}x`)
    expect(milliseconds).toBeLessThan(300)
  })

  it.each([
    ['line', 'data: 1\n\ndata: 89\ndata: 2\n\n', { maxLineLength: 7 }, 7],
    ['line', 'data: 1\n\nevent:12\ndata: 2\n\n', { maxLineLength: 7 }, 7],
    ['line', 'data: 1\n\ntopic: 1\ndata: 2\n\n', { maxLineLength: 7, extensionFields: ['topic'] }, 7],
    ['event', 'data: 1\n\ndata: 1\ndata: 2\ndata\n\n', { maxEventLength: 3 }, 3],
    ['event', 'data: 1\n\ndata: 1234\n\ndata: 5\n\n', { maxEventLength: 3 }, 3],
  ] as const)(
    'fails the stream at too long a %s, wherever it is split (%j)',
    (subject, text, options, limit) => {
      const stream = bytesOf(text)
      fc.assert(
        fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (places) => {
          const { push, seen } = collect(options)
          const error = caught(() => {
            for (const chunk of splitAt(stream, places)) push(chunk)
          })
          expect(SseLimitError.isInstance(error)).toBe(true)
          expect(error).toMatchObject({ name: 'SseLimitError', code: 'sse-limit', subject, limit })
          push(bytesOf('\n\ndata: 3\n\n'))
          expect(seen.map(data)).toEqual(['1'])
        }),
        { numRuns: 60 },
      )
    },
  )

  it('fails too long a line before its end is in', () => {
    const { push } = collect({ maxLineLength: 100 })
    push(bytesOf('data: '))
    push(bytesOf('x'.repeat(94)))
    expect(() => push(bytesOf('x'))).toThrow(SseLimitError)
  })

  it('has limits of its own', () => {
    const { push } = collect()
    push(bytesOf('data: '))
    const filler = new Uint8Array(2 ** 20).fill(120)
    for (let index = 0; index < 7; index++) push(filler)
    expect(caught(() => push(filler))).toMatchObject({ subject: 'line', limit: 2 ** 23 })

    const lines = collect()
    const line = bytesOf('data: ', Array.from(filler), '\n')
    for (let index = 0; index < 15; index++) lines.push(line)
    expect(caught(() => lines.push(line))).toMatchObject({ subject: 'event', limit: 2 ** 24 })
  })
})

it('P19 fires a complete event before what follows it is complete', () => {
  const { push, seen } = collect()
  push(bytesOf('data: 1\n\ndata: 2'))
  expect(seen).toMatchObject([{ data: '1' }])
})

describe('P20', () => {
  it('reads nothing before it is asked for, and nothing of what is not', () => {
    const times: number[] = []
    const parser = new SseParser({ onRetry: (milliseconds) => times.push(milliseconds) })
    parser.push(bytesOf('id: 1\ndata: a\n\nretry: 5\nid: 2\n\ndata: b\n\nretry: 6\n'))
    expect(parser.lastEventId).toBe('')
    expect(parser.next()).toMatchObject({ data: 'a' })
    expect([parser.lastEventId, ...times]).toEqual(['1'])
    expect(parser.next()).toEqual({ lastEventId: '2' })
    expect([parser.lastEventId, ...times]).toEqual(['2', 5])
    expect(parser.next()).toMatchObject({ data: 'b' })
    expect(times).toEqual([5])
    expect(parser.next()).toBeUndefined()
    expect(times).toEqual([5, 6])
  })

  it('takes bytes while it still has some', () => {
    const stream = bytesOf('data: 1\r\n\r\nid: 2\r\rdata: é\n\ndata: 4\r\ndata: 5\n\n')
    const whole = [...itemsOf(new SseParser(), stream)]
    expect(whole).toHaveLength(4)
    fc.assert(
      fc.property(
        fc.array(fc.nat(stream.length), { maxLength: 12 }),
        fc.array(fc.boolean()),
        (places, asks) => {
          const parser = new SseParser()
          const seen: SseItem[] = []
          splitAt(stream, places).forEach((chunk, index) => {
            parser.push(chunk)
            const item = asks[index] && parser.next()
            if (item) seen.push(item)
          })
          expect([...seen, ...itemsOf(parser, bytesOf())]).toEqual(whole)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('gives what came before too long a line', () => {
    const parser = new SseParser({ maxLineLength: 7 })
    parser.push(bytesOf('data: 1\n\ndata: 89\n\ndata: 3\n\n'))
    expect(parser.next()).toMatchObject({ data: '1' })
    expect(() => parser.next()).toThrow(SseLimitError)
    expect(parser.next()).toBeUndefined()
  })
})

describe('fields', () => {
  it('inherit nothing and share one frozen object where a block has none', () => {
    const { push, seen } = collect({ extensionFields: ['__proto__', 'toString'] })
    push(bytesOf('data: 1\n\ndata: 2\n\n__proto__: x\ndata: 3\n\n'))
    const [first, second, third] = seen.map((item) => ('fields' in item ? item.fields : undefined))
    expect(first).toBe(second)
    expect(Object.isFrozen(first)).toBe(true)
    expect(first?.toString).toBeUndefined()
    expect(third?.toString).toBeUndefined()
    expect(Object.entries(third ?? {})).toEqual([['__proto__', 'x']])
  })

  it.each(['data', 'event', 'id', 'retry', '', 'a:b', 'a\nb', 'a\r'])('refuse %j as an extension', (name) => {
    expect(() => collect({ extensionFields: ['topic', name] })).toThrow(TypeError)
  })
})
