import * as fc from 'fast-check'
import { it } from 'vitest'
import { answerFuzz } from './answer-fuzz.fixture.ts'

// `npm run test:fuzz` tries many more.
it('10,000 requests of any kind are answered by a stream, or refused', async () => {
  const { property, finish } = answerFuzz()
  await fc.assert(property, { numRuns: 10_000 })
  await finish()
})
