import type { LogBounds } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { placeTopics } from './placement.ts'
import type { RequestedTopic } from './requested-topic.ts'

const bounds: LogBounds = { epoch: 'e1', first: 11, head: 20 }

function topic(start: RequestedTopic['start'], address = 'orders/1'): RequestedTopic {
  return { requested: address, address, events: undefined, start }
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
    const placed = placeTopics([topic(start)], bounds)
    expect(placed).toMatchObject({ verdict, position: at(offset), openId })
    expect(placed.interests).toEqual([
      { requested: 'orders/1', segments: ['orders', '1'], events: undefined, floor: offset },
    ])
    const isReset = verdict !== 'fresh' && verdict !== 'resumed'
    expect(placed.resets).toEqual(isReset ? [{ requested: 'orders/1', verdict }] : [])
    expect(placed.now).toBeUndefined()
  })
})

describe('several topics', () => {
  it('begin at the lowest place, each above its own', () => {
    const { verdict, position, openId, now, interests, resets } = placeTopics(
      [topic('now', 'a'), topic(at(15), 'b'), topic('earliest', 'c')],
      bounds,
    )
    expect({ verdict, position, openId, now, resets }).toEqual({
      verdict: 'resumed',
      position: at(10),
      openId: 'e1.10',
      now: 'e1.20',
      resets: [],
    })
    expect(interests.map(({ floor }) => floor)).toEqual([20, 15, 10])
  })

  it('open with the first cursor that could not go on', () => {
    const { verdict, openId, position, resets, now } = placeTopics(
      [topic(at(12), 'a'), topic(at(3), 'b'), topic(at(4, 'e0'), 'c'), topic('now', 'd')],
      bounds,
    )
    expect({ verdict, openId, position, now }).toEqual({
      verdict: 'trimmed',
      openId: 'e1.3',
      position: at(10),
      now: 'e1.20',
    })
    expect(resets).toEqual([
      { requested: 'b', verdict: 'trimmed' },
      { requested: 'c', verdict: 'epoch' },
    ])
  })

  it('know what now means also beside a reset', () => {
    expect(placeTopics([topic('now', 'a'), topic('invalid', 'b')], bounds)).toMatchObject({
      openId: '0.0',
      now: 'e1.20',
      position: at(20),
    })
  })
})

it('in an empty log, earliest and now are the same place', () => {
  const empty = { epoch: 'e1', first: 1, head: 0 }
  for (const start of ['earliest', 'now', at(0)] as const) {
    expect(placeTopics([topic(start)], empty)).toMatchObject({ position: at(0), openId: 'e1.0', resets: [] })
  }
})
