import { describe, expect, it } from 'vitest'
import { judge, resumeAfter } from './judge.ts'

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
})

describe('resumeAfter', () => {
  it.each([
    ['resumed', 7],
    ['trimmed', 4],
    ['epoch', 4],
    ['ahead', 9],
    ['diverged', 9],
  ] as const)('goes on for %s after %i', (verdict, offset) => {
    expect(resumeAfter(verdict, { epoch: 'a', offset: 7 }, bounds)).toBe(offset)
  })

  it('gives a place that is judged resumed, whatever the cursor', () => {
    for (const against of [bounds, empty, emptied]) {
      for (const epoch of ['a', 'b']) {
        for (let offset = 0; offset < 15; offset += 1) {
          const cursor = { epoch, offset }
          const next = resumeAfter(judge(cursor, against), cursor, against)
          expect(judge({ epoch: against.epoch, offset: next }, against)).toBe('resumed')
        }
      }
    }
  })
})
