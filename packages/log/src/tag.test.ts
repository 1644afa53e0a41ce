import { formatCursor, parseCursor } from '@millrace/protocol'
import { expect, it } from 'vitest'
import { randomTag } from './tag.ts'

it('makes five characters that a cursor can carry', () => {
  for (let count = 0; count < 1_000; count += 1) {
    const position = { epoch: 'a', offset: 1, tag: randomTag() }
    expect(position.tag).toMatch(/^[0-9a-z]{5}$/)
    expect(parseCursor(formatCursor(position))).toEqual(position)
  }
})

it.each([
  [0, 0, '00000'],
  [35, 0, '0000z'],
  [36 ** 5 - 1, 0, 'zzzzz'],
  [36 ** 5, 0, '00000'],
  [2 ** 32 - 1, 1_763_683_200_000.5, '4jwn3'],
])('makes of %i at %i the tag %s', (number, time, tag) => {
  expect(
    randomTag(
      () => number,
      () => time,
    ),
  ).toBe(tag)
})

it('makes another one at another time, should chance repeat itself', () => {
  const at = (time: number) =>
    randomTag(
      () => 7,
      () => time,
    )
  expect(at(1_763_683_200_000)).not.toBe(at(1_763_683_260_000))
})

it('uses the whole range evenly', () => {
  const firsts = new Map<string, number>()
  for (let count = 0; count < 36_000; count += 1) {
    const first = randomTag().charAt(0)
    firsts.set(first, (firsts.get(first) ?? 0) + 1)
  }
  expect(firsts.size).toBe(36)
  // Of about 1,000 each, nine standard deviations away.
  for (const times of firsts.values()) expect(Math.abs(times - 1_000)).toBeLessThan(285)
})
