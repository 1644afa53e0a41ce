import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resumeAfter } from '@millrace/log'
import {
  type ByeReason,
  controlEvent,
  encodeFrame,
  type Frame,
  formatStreamRequest,
  formatTopicRequest,
  frameExtensionFields,
  heartbeatFrame,
  type OpenData,
  type ProblemCode,
  parseStreamRequest,
  parseStreamRequestBody,
  problemType,
  type Verdict,
} from '@millrace/protocol'
import { beforeAll, describe, expect, it } from 'vitest'
import { codesIn, rowsOf } from '../fixtures/markdown-table.fixture.ts'
import { fetchStream } from '../fixtures/open-stream.fixture.ts'
import { prepare } from '../fixtures/serve.fixture.ts'
import { byeFrame, deniedFrames, endFrames, openFrame, tellingFrames } from '../session/control-frame.ts'
import type { Parcel } from '../session/sink.ts'
import { methods, passing, problemAnswer } from './problem-answer.ts'
import { RefusalError } from './refusal-error.ts'

// What PROTOCOL.md lists is what there is, and the other way round. The compiler sees to it that the lists here are whole.

let page: string
beforeAll(async () => {
  page = await readFile(join(import.meta.dirname, '..', '..', '..', '..', 'PROTOCOL.md'), 'utf8')
})

const rows = (...head: string[]) => rowsOf(page, ...head)
const firstCodes = (...head: string[]) => rows(...head).map(([first = '']) => codesIn(first)[0])
const sorted = (texts: Iterable<string | undefined>) => [...texts].sort()

describe('the request', () => {
  it('has these parameters', () => {
    const whole = formatStreamRequest({
      topics: [{ address: 'a', from: 'now', events: ['b'] }],
      from: 'now',
      lastEventId: 'e.1',
      poll: true,
      version: 1,
    })
    expect(sorted(firstCodes('parameter'))).toEqual(sorted([...whole.keys(), 'event']))
    expect(parseStreamRequest(new URLSearchParams('topic=a&event=b')).topics).toEqual([
      { address: 'a', events: ['b'] },
    ])
  })

  it('has these options of a topic', () => {
    const text = formatTopicRequest({ address: 'a', from: 'now', events: ['b'] })
    const options = [...text.matchAll(/;(\w+)=/g)].map(([, name]) => name)
    expect(sorted(firstCodes('option of `topic`'))).toEqual(sorted(options))
  })

  it('has these methods', () => {
    expect(sorted(firstCodes('method'))).toEqual(sorted(methods.split(', ')))
  })

  it('may be a body like the one that is shown', () => {
    const body = codesIn(rows('method').find(([first]) => first === '`POST`')?.[1] ?? '').at(-1) ?? ''
    expect(parseStreamRequestBody(body)).toEqual({
      topics: [{ address: 'orders/42', from: 'earliest' }, { address: 'stock/7' }],
      version: 1,
    })
  })
})

describe('a request', () => {
  it.each([
    ['of a later version is answered', '?topic=orders/1&v=9999', {}],
    [
      'by POST leaves its query to the application',
      '?topic=nowhere&v=x',
      { method: 'POST', body: '{"topic":"orders/1"}' },
    ],
    [
      'may name a topic in its path, with options, beside others',
      '/orders/1;from=earliest?topic=orders/2',
      {},
    ],
  ])('%s', async (_, rest, init) => {
    const { events } = prepare()
    const stream = await fetchStream(events, `/events${rest}`, init)
    expect(await stream.next()).toMatchObject({ event: controlEvent.open, data: { verdict: 'fresh' } })
    stream.leave()
  })
})

describe('what is refused', () => {
  const codes = {
    'bad-request': true,
    unauthorized: true,
    forbidden: true,
    'unknown-topic': true,
    'not-found': true,
    'method-not-allowed': true,
    'not-acceptable': true,
    'too-large': true,
    'too-many': true,
    unavailable: true,
  } as const satisfies Record<ProblemCode, true>

  it('has these codes, with their status and headers', () => {
    const expected = (Object.keys(codes) as ProblemCode[]).map((code) => {
      const challenge = code === 'unauthorized' || code === 'forbidden' ? 'Bearer' : undefined
      const { status, headers, body } = problemAnswer(new RefusalError(code, 'x', { challenge }), 1)
      const { 'content-type': type, 'cache-control': cache, ...others } = headers
      expect([type, cache]).toEqual([problemType, 'no-store'])
      expect(JSON.parse(body ?? '')).toMatchObject({ type: `urn:millrace:problem:${code}`, status, code })
      return [String(status), code, ...Object.keys(others)]
    })
    const told = rows('status', '`code`').map(([status = '', code = '', , headers = '']) => [
      status,
      ...codesIn(code),
      ...codesIn(headers).map((name) => name.toLowerCase()),
    ])
    expect(sorted(told.map(String))).toEqual(sorted(expected.map(String)))
  })

  it('is told to a browser by a stream where it passes', () => {
    const statuses = [...passing].map((code) => problemAnswer(new RefusalError(code, 'x'), 1).status)
    expect(page).toContain(`in place of ${statuses.join(' and ')} a \`GET\` without \`v\``)
  })

  it('looks like the one that is shown', async () => {
    const shown = /```json\n(.*?)```/s.exec(page)?.[1] ?? ''
    const { events } = prepare()
    const answer = await events.fetch(new Request('http://shop.test/events?topic=nowhere/1'))
    expect(await answer.json()).toEqual(JSON.parse(shown))
  })
})

describe('the stream', () => {
  it('has this head', async () => {
    const { events } = prepare()
    const stream = await fetchStream(events, '/events/orders/1')
    const [status, ...lines] = (/```\n(HTTP\/1\.1 .*?)\n```/s.exec(page)?.[1] ?? '').split('\n')
    expect(status).toBe(`HTTP/1.1 ${stream.status} OK`)
    expect(Object.entries(stream.headers).map((header) => header.join(': '))).toEqual(
      expect.arrayContaining(lines),
    )
    expect(lines).toHaveLength(Object.keys(stream.headers).length)
    stream.leave()
  })

  it('has these fields', () => {
    expect(sorted(firstCodes('field'))).toEqual(
      sorted(['id', 'event', 'data', 'retry', ...frameExtensionFields]),
    )
  })

  it('has frames like those that are shown, to the byte', () => {
    const shown = [...page.matchAll(/```\n((?:retry|id|event|:).*?\n)```/gs)].map(([, text = '']) => text)
    expect(shown.length).toBeGreaterThan(4)
    for (const text of shown) {
      if (text.startsWith(':')) expect(text).toBe(`${heartbeatFrame}${encodeFrame({ id: 'k3f9.1057' })}`)
      else expect(`${text}\n`).toBe(encodeFrame(frameOf(text)))
    }
  })
})

function frameOf(text: string): Frame {
  const fields: [string, string | number][] = []
  for (const [, name = '', value = ''] of text.matchAll(/^(\w+): (.*)$/gm)) {
    fields.push([name, name === 'retry' || name === 'time' ? Number(value) : value])
  }
  return Object.fromEntries(fields)
}

describe('a control event', () => {
  const position = { epoch: 'e', offset: 2 }
  const other = { epoch: 'e', offset: 1 }
  const open = {
    verdict: 'fresh',
    heartbeat: 1,
    now: 'e.1',
    snapshots: [],
  } satisfies Required<OpenData>
  const tellings = (...told: Parameters<typeof tellingFrames>[0][number]['told'][]) =>
    tellingFrames(
      told.map((told, floor) => ({ requested: 'a', told, floor: floor + 2 })),
      position,
      (offset) => ({ epoch: 'e', offset }),
    )
  const snapshot = { position: other, version: 2, data: '{}' }
  // As the log has it, which is a record like others.
  const record = { id: 'e.1', event: controlEvent.end, topic: 'a', time: 1, data: '{}' }
  const written: Readonly<Record<keyof typeof controlEvent, readonly Pick<Parcel, 'bytes'>[]>> = {
    open: [openFrame(1, 'e.1', open)],
    denied: [deniedFrames(['a'])],
    reset: [tellings('trimmed', 'epoch')],
    snapshot: [tellings(snapshot, { ...snapshot, version: 1, position })],
    end: [endFrames(['a']), { bytes: new TextEncoder().encode(encodeFrame(record)) }],
    bye: [
      byeFrame({ reason: 'poll', retryable: true }, {}),
      byeFrame({ reason: 'drain', retryable: true }, { retry: 1, id: 'e.1' }),
    ],
  }

  /** The names of the fields of each frame, and the data. */
  function framesOf(parcels: readonly Pick<Parcel, 'bytes'>[]) {
    const text = parcels.map(({ bytes }) => new TextDecoder().decode(bytes)).join('')
    return text
      .split('\n\n')
      .filter((frame) => frame !== '')
      .map((frame) => ({
        event: /^event: (.*)$/m.exec(frame)?.[1],
        fields: [...frame.matchAll(/^(\w+): /gm)].map(([, name = '']) => name),
        data: /^data: (.*)$/m.exec(frame)?.[1] ?? '',
      }))
  }

  it('is one of these, with these fields', () => {
    const told = rows('event', '`data`').map(([name = '', , fields = '']) => {
      const [always = '', maybe = ''] = fields.split('maybe')
      return [codesIn(name)[0], { always: codesIn(always).sort(), maybe: codesIn(maybe).sort() }]
    })
    const expected = Object.entries(written).map(([key, bytes]) => {
      const frames = framesOf(bytes)
      const names = new Set(frames.flatMap(({ fields }) => fields))
      names.delete('event')
      names.delete('data')
      const always = sorted([...names].filter((name) => frames.every(({ fields }) => fields.includes(name))))
      const maybe = sorted([...names].filter((name) => !always.includes(name)))
      for (const { event } of frames) expect(event).toBe(controlEvent[key as keyof typeof controlEvent])
      return [controlEvent[key as keyof typeof controlEvent], { always, maybe }]
    })
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(expected))
  })

  it('has this data', () => {
    for (const [name = '', data = ''] of rows('event', '`data`')) {
      const key = codesIn(name)[0]?.split('.')[1] as keyof typeof controlEvent
      if (key === 'snapshot') continue
      const members = [...data.matchAll(/\w+/g)].map(([member]) => member)
      const [frame] = framesOf(written[key])
      expect(members).toEqual(Object.keys(JSON.parse(frame?.data ?? '')))
    }
  })

  it('has one of these reasons where it is a good-bye', () => {
    const reasons = {
      drain: true,
      overload: true,
      poll: true,
      failure: true,
      expired: true,
      revoked: true,
      age: true,
      end: true,
    } as const satisfies Record<ByeReason, true>
    expect(sorted(firstCodes('reason'))).toEqual(sorted(Object.keys(reasons)))
  })

  it('has one of these verdicts, and then goes on as it says', () => {
    const bounds = { epoch: 'e', first: 5, head: 9 }
    const cursor = { epoch: 'e', offset: 7 }
    const places: Readonly<Record<string, number>> = {
      'after the cursor': cursor.offset,
      'from the oldest record held': bounds.first - 1,
      'from the end': bounds.head,
    }
    const verdicts = {
      fresh: undefined,
      invalid: bounds.head,
      resumed: resumeAfter('resumed', cursor, bounds).offset,
      trimmed: resumeAfter('trimmed', cursor, bounds).offset,
      epoch: resumeAfter('epoch', cursor, bounds).offset,
      ahead: resumeAfter('ahead', cursor, bounds).offset,
      diverged: resumeAfter('diverged', cursor, bounds).offset,
    } satisfies Record<Verdict, number | undefined>
    const told = rows('verdict').map(([verdict = '', , place = '']) => [codesIn(verdict)[0], places[place]])
    expect(Object.fromEntries(told)).toEqual(verdicts)
  })
})
