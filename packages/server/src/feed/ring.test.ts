import fc from 'fast-check'
import { expect, it } from 'vitest'
import { entryAt } from '../fixtures/entry.fixture.ts'
import { Ring } from './ring.ts'

it('begins empty, before the entry to come', () => {
  const ring = new Ring(1_000_000, 8)
  expect([ring.first, ring.head]).toEqual([8, 7])
  expect([6, 7, 8].map((offset) => ring.holdsAfter(offset))).toEqual([false, true, false])
  expect(ring.after(7, 10)).toEqual([])
})

it('keeps the newest entry, however large', () => {
  const ring = new Ring(1, 1)
  ring.push(entryAt(1))
  ring.push(entryAt(2, 'orders/1', 'x'.repeat(10_000)))
  expect([ring.first, ring.head]).toEqual([2, 2])
  expect(ring.after(1, 10).map(({ offset }) => offset)).toEqual([2])
})

it('knows the tags of what it holds and of the record before that', () => {
  const ring = new Ring(1, 8, false, 't7')
  expect([6, 7, 8].map((offset) => ring.tagAt(offset))).toEqual([undefined, 't7', undefined])
  ring.push(entryAt(8, 'orders/1', '{}', 'placed', 't8'))
  expect([7, 8].map((offset) => ring.tagAt(offset))).toEqual(['t7', 't8'])
  ring.push(entryAt(9))
  ring.push(entryAt(10, 'orders/1', '{}', 'placed', 't10'))
  expect([7, 8, 9, 10, 11].map((offset) => ring.tagAt(offset))).toEqual([
    undefined,
    undefined,
    undefined,
    't10',
    undefined,
  ])
})

it('holds the most recent entries that its bytes allow, without holes, and gives them in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2_000), { maxLength: 60 }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 70 }),
      (lengths, maxBytes, next, limit) => {
        const ring = new Ring(maxBytes, next)
        const all = lengths.map((length, index) => entryAt(next + index, 'orders/1', 'x'.repeat(length)))
        for (const entry of all) ring.push(entry)

        const held = all.filter((_, index) => {
          const newer = all.slice(index)
          return newer.length === 1 || newer.reduce((sum, { size }) => sum + size, 0) <= maxBytes
        })
        expect(ring.head).toBe(next + all.length - 1)
        expect(ring.first).toBe(held[0]?.offset ?? next)
        for (let offset = next - 2; offset <= ring.head + 1; offset += 1) {
          const holds = offset >= ring.first - 1 && offset <= ring.head
          expect(ring.holdsAfter(offset)).toBe(holds)
          if (holds) {
            const wanted = held.filter((entry) => entry.offset > offset).slice(0, limit)
            expect(ring.after(offset, limit)).toEqual(wanted)
          }
        }
      },
    ),
  )
})
