import { describe, expect, it } from 'vitest'
import { beforeFirst, headOf, judge, positionOf, resumeAfter } from './judge.ts'

const bounds = { epoch: 'a', first: 5, head: 9 }
const empty = { epoch: 'a', first: 1, head: 0 }
const emptied = { epoch: 'a', first: 10, head: 9 }

describe('judge', () => {
  it.each([
    ['before the place before the oldest', 3, bounds, 'trimmed'],
    ['at the beginning, which is gone', 0, bounds, 'trimmed'],
    ['just before the oldest', 4, bounds, 'resumed'],
    ['at the oldest', 5, bounds, 'resumed'],
    ['at the head', 9, bounds, 'resumed'],
    ['one beyond the head', 10, bounds, 'ahead'],
    ['far beyond the head', Number.MAX_SAFE_INTEGER, bounds, 'ahead'],
    ['at the beginning of an empty log', 0, empty, 'resumed'],
    ['beyond an empty log', 1, empty, 'ahead'],
    ['at the head of an emptied log', 9, emptied, 'resumed'],
    ['before the head of an emptied log', 8, emptied, 'trimmed'],
  ] as const)('a cursor %s', (_, offset, against, verdict) => {
    expect(judge({ epoch: 'a', offset }, against)).toBe(verdict)
  })

  it.each([0, 4, 7, 9, 10])('says that the epoch differs before anything else, at offset %i', (offset) => {
    expect(judge({ epoch: 'b', offset }, bounds)).toBe('epoch')
  })

  it.each([
    ['whose record is the one that was seen', 7, 'x', 'x', 'resumed'],
    ['whose record is another one', 7, 'x', 'y', 'diverged'],
    ['whose record has no tag any more', 7, 'x', undefined, 'diverged'],
    ['that has none, whatever the record', 7, undefined, 'y', 'resumed'],
    ['at the head, of another record', 9, 'x', 'y', 'diverged'],
    ['before the oldest, of the record that was seen', 4, 'x', 'x', 'resumed'],
    ['before the oldest, of another record', 4, 'x', 'y', 'diverged'],
    ['before the oldest, of a record that nobody knows', 4, 'x', undefined, 'trimmed'],
    ['further back, which is gone whatever was seen', 3, 'x', 'x', 'trimmed'],
    ['beyond the head, whatever was seen', 10, 'x', 'x', 'ahead'],
  ] as const)('a cursor with a tag %s', (_, offset, seen, there, verdict) => {
    expect(judge(positionOf('a', { offset, tag: seen }), bounds, there)).toBe(verdict)
  })

  it('says that the epoch differs before it compares tags', () => {
    expect(judge({ epoch: 'b', offset: 7, tag: 'x' }, bounds, 'x')).toBe('epoch')
  })
})

describe('resumeAfter', () => {
  it.each([
    ['resumed', { epoch: 'a', offset: 7, tag: 'x' }],
    ['trimmed', { epoch: 'a', offset: 4 }],
    ['epoch', { epoch: 'a', offset: 4 }],
    ['ahead', { epoch: 'a', offset: 9, tag: 'h' }],
    ['diverged', { epoch: 'a', offset: 9, tag: 'h' }],
  ] as const)('goes on for %s after %o', (verdict, place) => {
    const tagged = { ...bounds, headTag: 'h' }
    expect(resumeAfter(verdict, { epoch: 'a', offset: 7, tag: 'x' }, tagged)).toStrictEqual(place)
  })

  it('names places of logs without tags without one', () => {
    expect([beforeFirst(bounds), headOf(bounds)]).toStrictEqual([
      { epoch: 'a', offset: 4 },
      { epoch: 'a', offset: 9 },
    ])
  })

  it('gives a place that is judged resumed, whatever the cursor', () => {
    for (const against of [bounds, empty, emptied]) {
      for (const epoch of ['a', 'b']) {
        for (let offset = 0; offset < 15; offset += 1) {
          const cursor = { epoch, offset }
          const next = resumeAfter(judge(cursor, against), cursor, against)
          expect(judge(next, against)).toBe('resumed')
        }
      }
    }
  })
})
