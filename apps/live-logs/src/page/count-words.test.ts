import { expect, it } from 'vitest'
import { describeCounts } from './count-words.ts'

const counts = { shown: 0, held: 0, dropped: 0, limit: 50_000 }

it.each([
  [{}, '0 lines'],
  [{ shown: 1, held: 1 }, '1 line'],
  [{ shown: 12, held: 1204 }, '12 of 1,204 lines'],
  [
    { shown: 50_000, held: 50_000, dropped: 7 },
    '50,000 lines · the newest 50,000 are kept, 7 older ones are gone',
  ],
])('%j: %s', (change, words) => {
  expect(describeCounts({ ...counts, ...change })).toBe(words)
})
