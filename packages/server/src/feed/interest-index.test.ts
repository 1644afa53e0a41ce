import fc from 'fast-check'
import { expect, it } from 'vitest'
import { entryAt } from '../fixtures/entry.fixture.ts'
import { type Interest, wants } from './interest.ts'
import { InterestIndex } from './interest-index.ts'

const segment = fc.constantFrom('a', 'b', 'c')
const address = fc.array(segment, { minLength: 1, maxLength: 3 })
const interest: fc.Arbitrary<Interest> = fc
  .record({
    requested: fc.constant(''),
    segments: fc.array(fc.oneof(segment, fc.constant('*')), { minLength: 1, maxLength: 3 }),
    events: fc.option(
      fc.subarray(['placed', 'shipped']).map((names) => new Set(names)),
      { nil: undefined },
    ),
    floor: fc.nat(10),
  })
  .map(({ segments, ...rest }) => ({ ...rest, address: segments.join('/'), pattern: segments.includes('*') }))

// Written the other way round, as one pattern for the whole address.
function matches(
  { address, events, floor }: Interest,
  topic: string,
  event: string,
  offset: number,
): boolean {
  const pattern = new RegExp(`^${address.replaceAll('*', '[^/]+')}$`)
  return offset > floor && (events?.has(event) ?? true) && pattern.test(topic)
}

it('finds exactly those who want an entry, whatever was added and removed before', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(interest, { maxLength: 25, selector: (each) => each }),
      fc.array(fc.nat(24), { maxLength: 15 }),
      fc.array(fc.tuple(address, fc.constantFrom('placed', 'shipped'), fc.integer({ min: 1, max: 12 })), {
        minLength: 1,
        maxLength: 15,
      }),
      (interests, removals, events) => {
        const index = new InterestIndex<Interest>()
        for (const each of interests) index.add(each, each)
        const left = new Set(interests)
        for (const position of removals) {
          const removed = interests[position]
          if (removed === undefined) continue
          // Twice now and then, which must do nothing.
          index.remove(removed)
          left.delete(removed)
        }
        for (const [segments, event, offset] of events) {
          const topic = segments.join('/')
          const entry = entryAt(offset, topic, '{}', event)
          const found: Interest[] = []
          index.find(entry, (owner) => found.push(owner))
          const wanted = [...left].filter((each) => matches(each, topic, event, offset))
          expect(new Set(found)).toEqual(new Set(wanted))
          expect(found).toHaveLength(wanted.length)
          for (const each of left) expect(wants(each, entry)).toBe(wanted.includes(each))
        }
      },
    ),
  )
})

it('looks at an interest anew each time, because its floor may move', () => {
  const index = new InterestIndex<string>()
  const moving: Interest = { requested: 'a', address: 'a', pattern: false, events: undefined, floor: 5 }
  index.add(moving, 'owner')
  const found: string[] = []
  index.find(entryAt(5, 'a'), (owner) => found.push(owner))
  expect(found).toEqual([])
  moving.floor = 4
  index.find(entryAt(5, 'a'), (owner) => found.push(owner))
  expect(found).toEqual(['owner'])
})
