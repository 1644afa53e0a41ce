import type { LogBounds } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { shop } from '../fixtures/shop.fixture.ts'
import type { RequestedTopic } from '../request/requested-topic.ts'
import { placeTopics } from './placement.ts'

const bounds: LogBounds = { epoch: 'e1', first: 11, head: 20 }
const held = { bounds, tags: new Map<number, string>() }

function topic(start: RequestedTopic['start'], address = 'orders/1'): RequestedTopic {
  const found = { requested: address, address, pattern: false, channel: shop.orders['~channel'] }
  return { topic: found, events: undefined, start }
}

const at = (offset: number, epoch = 'e1') => ({ epoch, offset })

describe('one topic', () => {
  it.each([
    { start: 'now', verdict: 'fresh', offset: 20, openId: 'e1.20' },
    { start: 'earliest', verdict: 'fresh', offset: 10, openId: 'e1.10' },
    { start: at(15), verdict: 'resumed', offset: 15, openId: 'e1.15' },
    { start: at(20), verdict: 'resumed', offset: 20, openId: 'e1.20' },
    { start: at(10), verdict: 'resumed', offset: 10, openId: 'e1.10' },
    { start: at(9), verdict: 'trimmed', offset: 10, openId: 'e1.9' },
    { start: at(21), verdict: 'ahead', offset: 20, openId: 'e1.21' },
    { start: at(15, 'e0'), verdict: 'epoch', offset: 10, openId: 'e0.15' },
    { start: 'invalid', verdict: 'invalid', offset: 20, openId: '0.0' },
  ] as const)('from $start: $verdict', ({ start, verdict, offset, openId }) => {
    const placed = placeTopics([topic(start)], held)
    expect(placed).toMatchObject({ verdict, position: at(offset), openId })
    const [interest] = placed.interests
    expect(interest).toMatchObject({ requested: 'orders/1', address: 'orders/1', floor: offset })
    const isReset = verdict !== 'fresh' && verdict !== 'resumed'
    expect(placed.untold).toEqual(isReset ? [{ interest, verdict }] : [])
    expect(placed.now).toBe(openId === 'e1.20' ? undefined : 'e1.20')
  })
})

describe('in a log with tags', () => {
  const tagged = {
    bounds: { ...bounds, headTag: 'h' },
    tags: new Map([
      [15, 'x'],
      [20, 'h'],
      [10, undefined],
    ]),
  }

  it.each([
    ['the record that was seen', { ...at(15), tag: 'x' }, 'resumed', 'e1.15.x', { ...at(15), tag: 'x' }],
    ['another record', { ...at(15), tag: 'y' }, 'diverged', 'e1.15.y', { ...at(20), tag: 'h' }],
    ['a record that is gone with its tag', { ...at(10), tag: 'x' }, 'trimmed', 'e1.10.x', at(10)],
    ['the record that was seen, by a cursor without a tag', at(15), 'resumed', 'e1.15', at(15)],
    ['now', 'now', 'fresh', 'e1.20.h', { ...at(20), tag: 'h' }],
  ] as const)('from %s', (_, start, verdict, openId, position) => {
    const placed = placeTopics([topic(start)], tagged)
    expect(placed).toMatchObject({ verdict, openId, head: { ...at(20), tag: 'h' } })
    expect(placed.position).toStrictEqual(position)
  })

  it('names the place of the topic that begins lowest', () => {
    const { position, now } = placeTopics([topic('now', 'a'), topic({ ...at(15), tag: 'x' }, 'b')], tagged)
    expect({ position, now }).toStrictEqual({ position: { ...at(15), tag: 'x' }, now: 'e1.20.h' })
  })
})

describe('several topics', () => {
  it('begin at the lowest place, each above its own', () => {
    const { verdict, position, openId, now, interests, untold } = placeTopics(
      [topic('now', 'a'), topic(at(15), 'b'), topic('earliest', 'c')],
      held,
    )
    expect({ verdict, position, openId, now, untold }).toEqual({
      verdict: 'resumed',
      position: at(10),
      openId: 'e1.10',
      now: 'e1.20',
      untold: [],
    })
    expect(interests.map(({ floor }) => floor)).toEqual([20, 15, 10])
  })

  it('open with the first cursor that could not go on', () => {
    const { verdict, openId, position, untold, now } = placeTopics(
      [topic(at(12), 'a'), topic(at(3), 'b'), topic(at(4, 'e0'), 'c'), topic('now', 'd')],
      held,
    )
    expect({ verdict, openId, position, now }).toEqual({
      verdict: 'trimmed',
      openId: 'e1.3',
      position: at(10),
      now: 'e1.20',
    })
    expect(untold.map(({ interest, verdict }) => ({ requested: interest.requested, verdict }))).toEqual([
      { requested: 'b', verdict: 'trimmed' },
      { requested: 'c', verdict: 'epoch' },
    ])
  })

  it('know what now means also beside a reset', () => {
    expect(placeTopics([topic('now', 'a'), topic('invalid', 'b')], held)).toMatchObject({
      openId: '0.0',
      now: 'e1.20',
      position: at(20),
    })
  })
})

describe('a topic with a snapshot', () => {
  const hasState = ({ requested }: { readonly requested: string }) => requested === 'a'
  const place = (...topics: Parameters<typeof placeTopics>[0]) => {
    const { verdict, openId, now, untold } = placeTopics(topics, held, { hasState })
    return { verdict, openId, now, untold: untold.map(({ interest }) => interest.requested) }
  }

  it('is told its state when it begins now, and asked for again when the stream is cut before', () => {
    expect(place(topic('now', 'a'))).toEqual({
      verdict: 'fresh',
      openId: '0.0',
      now: 'e1.20',
      untold: ['a'],
    })
  })

  it('is told nothing when it resumes, or when it is to begin with the oldest record', () => {
    for (const start of ['earliest', at(15)] as const) expect(place(topic(start, 'a')).untold).toEqual([])
  })

  it('costs no other topic its cursor', () => {
    expect(place(topic('now', 'a'), topic(at(15), 'b'))).toEqual({
      verdict: 'resumed',
      openId: 'e1.15',
      now: 'e1.20',
      untold: ['a'],
    })
    expect(place(topic('now', 'a'), topic(at(3), 'b'))).toMatchObject({
      openId: 'e1.3',
      untold: ['a', 'b'],
    })
  })
})

it('in an empty log, earliest and now are the same place', () => {
  const empty = { bounds: { epoch: 'e1', first: 1, head: 0 }, tags: new Map<number, string>() }
  for (const start of ['earliest', 'now', at(0)] as const) {
    expect(placeTopics([topic(start)], empty)).toMatchObject({ position: at(0), openId: 'e1.0', untold: [] })
  }
})
