import { expect, it } from 'vitest'
import { isEpoch, randomEpoch } from './epoch.ts'

it('makes ten characters that a cursor can carry', () => {
  for (let count = 0; count < 1_000; count += 1) {
    const epoch = randomEpoch()
    expect(epoch).toMatch(/^[0-9a-z]{10}$/)
    expect(isEpoch(epoch)).toBe(true)
  }
})

it('makes another one each time', () => {
  const epochs = new Set(Array.from({ length: 1_000 }, () => randomEpoch()))
  expect(epochs.size).toBe(1_000)
})

it('takes each character from one byte', () => {
  expect(randomEpoch((bytes) => bytes.set([0, 9, 10, 35, 36, 71, 72, 250, 251, 108]))).toBe('09az0z0yz0')
})

it('throws away the bytes that would favour some characters, and asks for more', () => {
  const fills = [
    [252, 253, 254, 255, 1, 1, 1, 1, 1, 1],
    [2, 252, 3, 4, 5, 6, 7, 8, 9, 10],
  ]
  expect(randomEpoch((bytes) => bytes.set(fills.shift() ?? []))).toBe('1111112345')
})

it('uses every byte value below 252 equally often for each character', () => {
  const counts = new Map<string, number>()
  let next = 0
  for (let count = 0; count < 252; count += 1) {
    const epoch = randomEpoch((bytes) => {
      for (const index of bytes.keys()) {
        bytes[index] = next
        next = (next + 1) % 252
      }
    })
    for (const character of epoch) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  expect(counts.size).toBe(36)
  expect(new Set(counts.values())).toEqual(new Set([70]))
})

it.each(['', 'A', 'a.1', 'a b', 'é', 'a\n', 'a'.repeat(33)])('does not take %j for an epoch', (text) => {
  expect(isEpoch(text)).toBe(false)
})

it.each(['0', 'k3f9', 'a'.repeat(32)])('takes %j for an epoch', (text) => {
  expect(isEpoch(text)).toBe(true)
})
