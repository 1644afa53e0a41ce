import { expect, it } from 'vitest'
import { pillText } from './pill.ts'

const state = { paused: false, held: 0, following: true, newBelow: 0 }

it.each([
  [{}, undefined],
  [{ following: false }, '↓ Jump to latest'],
  [{ following: false, newBelow: 1 }, '↓ Jump to latest · 1 new line'],
  [{ paused: true }, 'Paused'],
  [{ paused: true, held: 1312, following: false }, 'Paused · 1,312 new lines · Resume'],
])('%j: %s', (change, text) => {
  expect(pillText({ ...state, ...change })).toBe(text)
})
