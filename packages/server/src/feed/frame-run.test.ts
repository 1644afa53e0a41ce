import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryAt } from '../fixtures/entry.fixture.ts'
import type { Entry } from './entry.ts'
import { FrameRun } from './frame-run.ts'

const entries = [1, 2, 3, 4, 5].map((offset) => entryAt(offset, 'orders/1', `{"total":${offset}}`))

function runOf(offsets: readonly number[], empty = FrameRun.empty(Number.POSITIVE_INFINITY)): FrameRun {
  return offsets.reduce((run, offset) => {
    const entry = entries[offset - 1]
    return entry === undefined ? run : run.with(entry)
  }, empty)
}

it('is empty at first', () => {
  const { length, firstOffset, lastOffset, bytes } = FrameRun.empty(Number.POSITIVE_INFINITY)
  expect([length, firstOffset, lastOffset, bytes.byteLength]).toEqual([0, 0, 0, 0])
})

it('joins its frames in order', () => {
  const run = runOf([2, 3, 5])
  const text = [2, 3, 5].map((offset) => new TextDecoder().decode(entries[offset - 1]?.frame)).join('')
  expect(new TextDecoder().decode(run.bytes)).toBe(text)
  expect([run.length, run.firstOffset, run.lastOffset]).toEqual([text.length, 2, 5])
})

it('is text where only one writes it, whatever was made of its entries before', () => {
  const entry = entryAt(1, 'orders/1', '"ä€😀"')
  const run = FrameRun.emptyInOrder()
    .with(entry)
    .with(entries[1] as Entry)
  expect(run.text).toBeUndefined()
  run.takers = 1
  const { text = '' } = run
  expect(new TextEncoder().encode(text)).toEqual(run.bytes)
  expect(run.length).toBe(run.bytes.byteLength)
  expect(run.text).toBe(text)
  run.takers = 2
  expect(run.text).toBeUndefined()
})

it('is the frame itself where it has but one', () => {
  expect(runOf([3]).bytes).toBe(entries[2]?.frame)
})

describe('sharing', () => {
  it('gives those who take the same entries the same bytes, whoever came between', () => {
    fc.assert(
      fc.property(fc.array(fc.subarray([1, 2, 3, 4, 5]), { maxLength: 20 }), (takers) => {
        const empty = FrameRun.empty(Number.POSITIVE_INFINITY)
        const known = new Map<string, Uint8Array>()
        for (const taken of takers) {
          const { bytes, length } = runOf(taken, empty)
          expect(bytes).toEqual(runOf(taken).bytes)
          expect(length).toBe(bytes.byteLength)
          const key = taken.join()
          expect(known.get(key) ?? bytes).toBe(bytes)
          known.set(key, bytes)
        }
      }),
    )
  })

  it('is as good where all with one entry are asked for before any with the next', () => {
    const empty = FrameRun.emptyInOrder()
    const takers = [[1, 2, 4], [2, 4], [1, 2, 4], [3], [1, 4]]
    const runs = takers.map(() => empty)
    for (const offset of [1, 2, 3, 4]) {
      for (const [index, taken] of takers.entries()) {
        if (taken.includes(offset)) runs[index] = (runs[index] as FrameRun).with(entries[offset - 1] as Entry)
      }
    }
    expect(runs.map(({ bytes }) => bytes)).toEqual(takers.map((taken) => runOf(taken).bytes))
    expect(runs[2]).toBe(runs[0])
  })

  it('ends with the memory that it was allowed, and every run is still right', () => {
    const empty = FrameRun.empty(300)
    const first = runOf([1, 2, 3], empty)
    const second = runOf([2, 3, 4], empty)
    expect(runOf([2, 3, 4], empty)).not.toBe(second)
    expect(runOf([2, 3, 4], empty).bytes).toEqual(second.bytes)
    expect(second.bytes).toEqual(runOf([2, 3, 4]).bytes)
    expect(first.bytes).toEqual(runOf([1, 2, 3]).bytes)
  })
})
