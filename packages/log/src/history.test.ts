import type { Position } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { aRecord } from './conformance/stage.ts'
import { History, type Retention, sizeOf } from './history.ts'

function history(retention: Partial<Retention> = {}): History {
  const unlimited = Number.POSITIVE_INFINITY
  return new History('a', {
    maxRecords: unlimited,
    maxAge: unlimited,
    maxBytes: unlimited,
    now: () => {
      throw new Error('the clock must not be asked when no age is limited')
    },
    ...retention,
  })
}

const offsetsOf = (positions: readonly Position[]) => positions.map(({ offset }) => offset)

const offsets = (of: History, after: number, limit = 100) =>
  of.after(after, limit).map(({ offset }) => offset)

describe('by count', () => {
  it('keeps the newest records', () => {
    const kept = history({ maxRecords: 3 })
    for (let number = 1; number <= 5; number += 1) kept.append([aRecord(number)])
    expect(kept.bounds()).toEqual({ epoch: 'a', first: 3, head: 5 })
    expect(offsets(kept, 2)).toEqual([3, 4, 5])
  })

  it('keeps the end of one call that is larger than all that may be kept', () => {
    const kept = history({ maxRecords: 3 })
    expect(offsetsOf(kept.append([1, 2, 3, 4, 5].map((number) => aRecord(number))))).toEqual([1, 2, 3, 4, 5])
    expect(kept.bounds()).toEqual({ epoch: 'a', first: 3, head: 5 })
  })

  it('answers a repeat inside a call by a record that the call itself pushes out', () => {
    const kept = history({ maxRecords: 1 })
    const records = [aRecord(1, { key: 'k' }), aRecord(2), aRecord(3, { key: 'k' })]
    expect(offsetsOf(kept.append(records))).toEqual([1, 2, 1])
    expect(offsetsOf(kept.append([aRecord(4, { key: 'k' })]))).toEqual([3])
  })
})

describe('by bytes', () => {
  const size = sizeOf(aRecord(1))

  it('keeps what fits', () => {
    const kept = history({ maxBytes: size * 3 })
    for (let number = 1; number <= 5; number += 1) kept.append([aRecord(number)])
    expect(kept.bounds().first).toBe(3)
    kept.append([aRecord(6, { data: 'x'.repeat(size / 2) })])
    expect(kept.bounds()).toEqual({ epoch: 'a', first: 6 - 1, head: 6 })
  })

  it('keeps the newest record however large it is', () => {
    const kept = history({ maxBytes: 1 })
    kept.append([aRecord(1), aRecord(2, { data: 'x'.repeat(1_000) })])
    expect(offsets(kept, 1)).toEqual([2])
    kept.append([aRecord(3)])
    expect(offsets(kept, 2)).toEqual([3])
  })

  it('counts every text of a record, as two bytes a character', () => {
    const bare = sizeOf({ topic: '', event: '', version: 1, time: 0, data: '' })
    expect(sizeOf({ topic: 'ab', event: 'c', version: 1, time: 0, data: 'ß中\u{1f9f5}', key: 'k' })).toBe(
      bare + 2 * (2 + 1 + 4 + 1),
    )
  })
})

describe('by age', () => {
  it('forgets a record when it is older than the limit, at the next use', () => {
    let now = 1_000
    const kept = history({ maxAge: 100, now: () => now })
    kept.append([aRecord(1)])
    now = 1_050
    kept.append([aRecord(2)])
    now = 1_100
    expect(kept.bounds().first).toBe(1)
    now = 1_101
    expect(kept.bounds()).toEqual({ epoch: 'a', first: 2, head: 2 })
    now = 9_999
    expect(kept.bounds()).toEqual({ epoch: 'a', first: 3, head: 2 })
  })

  it('goes by the time of the append, not by the time that the publisher wrote', () => {
    let now = 1_000
    const kept = history({ maxAge: 100, now: () => now })
    kept.append([aRecord(1, { time: 9e15 }), aRecord(2, { time: 0 })])
    expect(kept.bounds().first).toBe(1)
    now = 1_101
    expect(kept.bounds().first).toBe(3)
  })

  it('forgets a key that is too old before it looks keys up', () => {
    let now = 1_000
    const kept = history({ maxAge: 100, now: () => now })
    kept.append([aRecord(1, { key: 'k' })])
    now = 1_100
    expect(offsetsOf(kept.append([aRecord(2, { key: 'k' })]))).toEqual([1])
    now = 1_101
    expect(offsetsOf(kept.append([aRecord(3, { key: 'k' })]))).toEqual([2])
  })

  it('survives a clock that is set back', () => {
    let now = 1_000
    const kept = history({ maxAge: 100, now: () => now })
    kept.append([aRecord(1)])
    now = 500
    kept.append([aRecord(2)])
    expect(offsets(kept, 0)).toEqual([1, 2])
    now = 1_101
    expect(kept.bounds().first).toBe(3)
  })
})

describe('keys', () => {
  it('takes the empty text for a key like any other', () => {
    const kept = history()
    expect(offsetsOf(kept.append([aRecord(1, { key: '' }), aRecord(2, { key: '' })]))).toEqual([1, 1])
  })

  it('does not forget the key of a later record with that of an earlier one', () => {
    const kept = history()
    kept.append([aRecord(1, { key: 'k' })])
    kept.trim(2)
    kept.append([aRecord(2, { key: 'k' }), aRecord(3)])
    kept.trim(2)
    expect(offsetsOf(kept.append([aRecord(4, { key: 'k' })]))).toEqual([2])
  })
})

describe('records', () => {
  it('appends none when one of them cannot be kept', () => {
    const kept = history()
    const faulty = Object.defineProperty(aRecord(2), 'data', {
      get() {
        throw new Error('unreadable')
      },
    })
    expect(() => kept.append([aRecord(1, { key: 'k' }), faulty])).toThrow('unreadable')
    expect(kept.bounds()).toEqual({ epoch: 'a', first: 1, head: 0 })
    expect(offsetsOf(kept.append([aRecord(3, { key: 'k' })]))).toEqual([1])
    expect(kept.after(0, 1)).toEqual([{ ...aRecord(3, { key: 'k' }), offset: 1 }])
  })

  it('keeps frozen copies without foreign properties', () => {
    const kept = history()
    kept.append([{ ...aRecord(1), foreign: 'x' } as never])
    const [record] = kept.after(0, 1)
    expect(record).toStrictEqual({ ...aRecord(1), offset: 1 })
    expect(Object.isFrozen(record)).toBe(true)
  })

  it('gives none outside what is held, and none for a limit below 1', () => {
    const kept = history()
    kept.append([aRecord(1), aRecord(2), aRecord(3)])
    kept.trim(2)
    expect(offsets(kept, 0)).toEqual([])
    expect(offsets(kept, 3)).toEqual([])
    expect(offsets(kept, 4)).toEqual([])
    expect(offsets(kept, -1)).toEqual([])
    expect(offsets(kept, Number.NaN)).toEqual([])
    expect(offsets(kept, 1, 0)).toEqual([])
    expect(offsets(kept, 1, -1)).toEqual([])
    expect(offsets(kept, 1, 1)).toEqual([2])
  })

  it('trims to nothing, not further, and nothing that is gone already', () => {
    const kept = history()
    kept.append([aRecord(1), aRecord(2)])
    kept.trim(99)
    expect(kept.bounds()).toEqual({ epoch: 'a', first: 3, head: 2 })
    kept.append([aRecord(3)])
    kept.trim(1)
    expect(kept.bounds()).toEqual({ epoch: 'a', first: 3, head: 3 })
  })

  it('is right after it has moved its start many times', () => {
    const kept = history({ maxRecords: 1_500 })
    for (let number = 1; number <= 100_000; number += 1) kept.append([aRecord(number, { key: `${number}` })])
    expect(kept.bounds()).toEqual({ epoch: 'a', first: 98_501, head: 100_000 })
    expect(kept.after(98_500, 2_000).map(({ data }) => data)).toEqual(
      Array.from({ length: 1_500 }, (_, index) => `{"number":${98_501 + index}}`),
    )
    expect(offsetsOf(kept.append([aRecord(0, { key: '98500' }), aRecord(0, { key: '100000' })]))).toEqual([
      100_001, 100_000,
    ])
  })
})
