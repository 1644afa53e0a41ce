import { expect, it } from 'vitest'
import { exploreFrom, randomFrom } from './conformance/explore.ts'

const recording = async (seed: number, runs: number) => {
  const tried: (readonly number[])[] = []
  await exploreFrom(seed)(async (choices) => void tried.push(choices), runs)
  return tried
}

it('tries as many arrays as it is asked to, and the same ones for the same seed', async () => {
  const tried = await recording(1, 200)
  expect(tried).toHaveLength(200)
  expect(await recording(1, 200)).toEqual(tried)
  expect(await recording(2, 200)).not.toEqual(tried)
  expect(new Set(tried.map((choices) => choices.length)).size).toBeGreaterThan(20)
})

it('tells a failure with the least choices that it found for it', async () => {
  const property = async (choices: readonly number[]) => {
    if (choices.filter((choice) => choice % 3 === 0).length >= 2) throw new Error('two of them')
  }
  const failure = await exploreFrom(1)(property, 200).catch((error: unknown) => String(error))
  const least = JSON.parse(/\(choices: (.*)\)/.exec(String(failure))?.[1] ?? '[]') as number[]
  expect(failure).toContain('two of them')
  expect(least).toHaveLength(2)
  expect(least.every((choice) => choice % 3 === 0)).toBe(true)
})

it('draws numbers from 0 to below 1', () => {
  const random = randomFrom(7)
  const numbers = Array.from({ length: 1_000 }, random)
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
})
