import { describe, expect, it } from 'vitest'
import { formatCursor, type Position, parseCursor } from './cursor.ts'
import { comparable, isCutOff, isNewTo, laterOf, type Place, placesOf } from './place.ts'

const at = (offset: number, epoch = 'k') => ({ epoch, offset })

it('two places can be compared in one life of a log alone', () => {
  expect(comparable(at(1), at(9))).toEqual(at(1))
  expect(comparable(at(1, 'old'), at(9))).toBeUndefined()
  for (const place of ['now', 'earliest', undefined] as const)
    expect(comparable(place, at(9))).toBeUndefined()
})

it.each<[Place, ReturnType<typeof at> | undefined, Place]>([
  [at(1), at(2), at(2)],
  [at(2), at(1), at(2)],
  [at(2), undefined, at(2)],
  [at(2), at(9, 'other'), at(2)],
  ['now', at(1), at(1)],
  ['earliest', undefined, 'earliest'],
])('from %o along a stream to %o leads to %o', (place, position, later) => {
  expect(laterOf(place, position)).toEqual(later)
})

it('what lies after a place is new, and what cannot be compared', () => {
  expect([1, 2, 3].map((offset) => isNewTo(at(2), at(offset)))).toEqual([false, false, true])
  expect(isNewTo(at(2), at(1, 'other'))).toBe(true)
  expect(isNewTo('now', at(1))).toBe(true)
  expect(isNewTo(at(2), undefined)).toBe(true)
})

describe('a verdict about a topic that goes on at 5 concerns', () => {
  it.each([
    ['trimmed', [true, false, false]],
    ['ahead', [true, false, true]],
    ['epoch', [true, false, false]],
    ['diverged', [true, false, true]],
    ['invalid', [true, false, true]],
  ] as const)('%s: who stands at 4, 5, 6 of it: %o', (verdict, concerned) => {
    expect([4, 5, 6].map((offset) => isCutOff(verdict, at(offset), at(5)))).toEqual(concerned)
    // And whoever is in another life of the log, or is not told where it goes on; but nobody who has no place yet.
    expect(isCutOff(verdict, at(5, 'old'), at(5))).toBe(true)
    expect(isCutOff(verdict, at(5), undefined)).toBe(true)
    expect(isCutOff(verdict, 'earliest', at(5))).toBe(false)
  })
})

const tagged = (offset: number, tag: string) => ({ ...at(offset), tag })

it.each([
  ['that the stream goes on at', tagged(5, 'x'), tagged(5, 'x'), false],
  [
    'whose offset is another record by now, with which the stream goes on',
    tagged(5, 'x'),
    tagged(5, 'y'),
    true,
  ],
  ['behind which the stream goes on', tagged(5, 'x'), tagged(9, 'z'), true],
  ['before which another topic of the stream goes on', tagged(9, 'x'), tagged(5, 'y'), true],
] as const)('a topic that diverged concerns the place %s: %o, %o', (_, place, goesOnAt, concerns) => {
  expect(isCutOff('diverged', place, goesOnAt)).toBe(concerns)
})

// In several shards, each of which is a letter.
const read = (text: string): Position => parseCursor(text) as Position
const write = (place: Place): string => (typeof place === 'string' ? place : formatCursor(place))

describe('a place in several shards', () => {
  it('is compared with a position by that shard of it that the position is about, which is the first', () => {
    expect(comparable(read('a.1_b.2_c.3'), read('b.9_a.9'))?.offset).toBe(2)
    expect(comparable(read('a.1_b.2'), read('c.9_a.9'))).toBeUndefined()
    expect(isNewTo(read('a.5_b.5'), read('b.6_a.1'))).toBe(true)
    expect(isNewTo(read('a.5_b.5'), read('b.5_a.9'))).toBe(false)
    expect(isNewTo(read('a.5_b.5'), read('c.1_a.1'))).toBe(true)
  })

  it.each([
    // The stream began further back in one of them, because of somebody else.
    ['a.5_b.9', 'b.7_a.8', 'b.9_a.8'],
    ['a.5', 'b.7_a.8', 'b.7_a.8'],
    ['a.9', 'b.7_a.8', 'b.7_a.9'],
    ['a.9.x_b.1', 'b.7.z_a.9.x', 'b.7.z_a.9.x'],
    // A stream of one shard alone, and one of more than before.
    ['a.5_b.9', 'a.8', 'a.8'],
    ['a.5_b.9', 'a.4', 'a.5_b.9'],
    ['a.5_b.9', 'c.3_a.8_b.8', 'c.3_a.8_b.9'],
    // Of lives that are over nothing is kept.
    ['a.5_old.4', 'new.7_a.8', 'new.7_a.8'],
    ['a.5_b.9', 'c.7', 'a.5_b.9'],
    ['0.0', 'a.7', '0.0'],
  ])('%s leads along a stream to %s: to %s', (place, position, later) => {
    expect(write(laterOf(read(place), read(position)))).toBe(later)
  })

  it('begins with all shards of the stream that first tells it one', () => {
    expect(write(laterOf('now', read('a.1_b.2')))).toBe('a.1_b.2')
  })

  it('is one place or several', () => {
    expect(placesOf(read('a.1_b.2')).map(({ epoch }) => epoch)).toEqual(['a', 'b'])
    expect(placesOf(read('a.1'))).toEqual([read('a.1')])
  })

  it('is cut off by a verdict about one of them as one place in that one would be', () => {
    for (const verdict of ['trimmed', 'ahead', 'epoch', 'diverged', 'invalid'] as const) {
      for (const offset of [4, 5, 6]) {
        expect(isCutOff(verdict, read(`b.9_a.${offset}`), at(5, 'a'))).toBe(
          isCutOff(verdict, at(offset, 'a'), at(5, 'a')),
        )
      }
      expect(isCutOff(verdict, read('a.5_b.9'), at(5, 'new'))).toBe(true)
    }
  })
})
