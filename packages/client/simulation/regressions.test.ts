import { expect, it } from 'vitest'
import { regressions } from './regressions.fixture.ts'
import { simulate } from './simulate.ts'

it.each(regressions)('$what', async ({ scenario }) => {
  const { fault, trace } = await simulate(scenario, true)
  expect({ fault, trace: fault && trace }).toEqual({ fault: undefined, trace: undefined })
})
