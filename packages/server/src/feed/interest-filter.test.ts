import fc from 'fast-check'
import { expect, it } from 'vitest'
import { entryAt } from '../fixtures/entry.fixture.ts'
import { type Interest, wants } from './interest.ts'
import { InterestFilter } from './interest-filter.ts'

const segment = fc.constantFrom('a', 'b', '*')
const interest: fc.Arbitrary<Interest> = fc
  .record({
    requested: fc.constant(''),
    segments: fc.array(segment, { minLength: 1, maxLength: 2 }),
    events: fc.constantFrom(undefined, new Set(['placed'])),
    floor: fc.nat(5),
  })
  .map(({ segments, ...rest }) => ({ ...rest, address: segments.join('/'), pattern: segments.includes('*') }))
const entry = fc
  .tuple(
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom('a', 'b', 'a/a', 'a/b', 'b/b'),
    fc.constantFrom('placed', 'shipped'),
  )
  .map(([offset, topic, event]) => entryAt(offset, topic, '{}', event))

it('wants what one of its interests wants, whether they are few or many, also after a floor has moved', () => {
  fc.assert(
    fc.property(
      fc.array(interest, { maxLength: 8 }),
      fc.array(entry, { minLength: 1, maxLength: 10 }),
      fc.nat(6),
      (interests, entries, floor) => {
        const filter = new InterestFilter(interests)
        const expectRight = () => {
          for (const each of entries) {
            expect(filter.wants(each)).toBe(interests.some((one) => wants(one, each)))
          }
        }
        expectRight()
        for (const each of interests) each.floor = floor
        expectRight()
      },
    ),
  )
})

it('spares what each interest that wants it can do without, and counts it once', () => {
  fc.assert(
    fc.property(
      fc.array(interest, { maxLength: 8 }),
      entry,
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      (interests, each, spared) => {
        let conflated = 0
        const can = new Map(interests.map((one, index) => [one, spared[index] === true]))
        const wanted = new InterestFilter(interests).wants(each, {
          isSuperseded: (one) => can.get(one) === true,
          countConflated() {
            conflated += 1
          },
        })
        const wanting = interests.filter((one) => wants(one, each))
        expect(wanted).toBe(wanting.some((one) => can.get(one) === false))
        expect(conflated).toBe(wanting.length > 0 && !wanted ? 1 : 0)
      },
    ),
  )
})
