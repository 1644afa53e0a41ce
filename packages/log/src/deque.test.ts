import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Deque } from './deque.ts'

it('gives what an array gives, whatever is pushed and shifted', () => {
  const operation = fc.record({
    kind: fc.constantFrom('push', 'shift'),
    // Enough for the start to be moved several times.
    repeats: fc.integer({ min: 1, max: 3_000 }),
  })
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 12 }), fc.nat(), fc.nat(), (operations, index, count) => {
      const deque = new Deque<number>()
      const array: number[] = []
      let pushed = 0
      for (const { kind, repeats } of operations) {
        for (let repeat = 0; repeat < repeats; repeat += 1) {
          if (kind === 'push') {
            deque.push(pushed)
            array.push(pushed)
            pushed += 1
          } else {
            expect(deque.shift()).toBe(array.shift())
          }
        }
        expect(deque.length).toBe(array.length)
        const at = index % (array.length + 2)
        expect(deque.at(at)).toBe(array[at])
        expect(deque.slice(at, count % 50)).toEqual(array.slice(at, at + (count % 50)))
      }
    }),
    { numRuns: 30 },
  )
})

it('has nothing outside its items', () => {
  const deque = new Deque<string>()
  expect(deque.at(0)).toBeUndefined()
  expect(deque.shift()).toBeUndefined()
  deque.push('a')
  deque.push('b')
  deque.shift()
  expect(deque.at(-1)).toBeUndefined()
  expect(deque.at(1)).toBeUndefined()
  expect(deque.slice(0, 5)).toEqual(['b'])
})

it('keeps a copy apart from the list', () => {
  const deque = new Deque<string>()
  deque.push('a')
  deque.slice(0, 1)[0] = 'changed'
  expect(deque.at(0)).toBe('a')
})
