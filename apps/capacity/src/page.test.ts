import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checksOf, holds, scales } from './checks.ts'
import { readConstants } from './constants.ts'
import { pageFile, updatePage } from './report/page.ts'

const constants = readConstants()
const checks = checksOf(constants)

test('the simulation agrees with the model, from a thousand streams to ten million', () => {
  expect(checks.filter((check) => !holds(check))).toEqual([])
  expect(new Set(checks.map(({ connections }) => connections))).toEqual(new Set(scales))
})

test('a check that is off does not hold', () => {
  for (const check of checks.slice(0, 4)) {
    const [least, most] = check.model
    expect(holds({ ...check, simulated: 1.2 * most + 1e-9 })).toBe(false)
    if (least > 0) expect(holds({ ...check, simulated: 0.8 * least })).toBe(false)
  }
})

test('docs/scaling.md says what the model says now: `npm run capacity -- --write` after a new measurement', () => {
  const page = readFileSync(pageFile, 'utf8')
  expect(page).toBe(updatePage(page, { constants, checks }))
})
