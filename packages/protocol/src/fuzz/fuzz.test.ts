import * as fc from 'fast-check'
import { it } from 'vitest'
import { cursors } from './cursor-fuzz.fixture.ts'
import { frames } from './frame-fuzz.fixture.ts'
import { bodies, queries } from './request-fuzz.fixture.ts'

// `npm run test:fuzz` tries each with a million.
const count = 50_000

it.each([frames, cursors, queries, bodies])(
  `$name hold against ${count.toLocaleString('en')} inputs`,
  ({ property }) => {
    fc.assert(property, { numRuns: count })
  },
)
