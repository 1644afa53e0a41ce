import { describe, expect, it } from 'vitest'
import { comparable, isCutOff, isNewTo, laterOf, type Place } from './place.ts'

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
