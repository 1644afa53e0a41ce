import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryAt } from '../fixtures/entry.fixture.ts'
import { FrameRun } from './frame-run.ts'

const entries = [1, 2, 3, 4, 5].map((offset) => entryAt(offset, 'orders/1', `{"total":${offset}}`))

function runOf(offsets: readonly number[], empty = FrameRun.empty()): FrameRun {
  return offsets.reduce((run, offset) => {
    const entry = entries[offset - 1]
    return entry === undefined ? run : run.with(entry)
  }, empty)
}

it('is empty at first', () => {
  const { length, firstOffset, lastOffset, bytes } = FrameRun.empty()
  expect([length, firstOffset, lastOffset, bytes.byteLength]).toEqual([0, 0, 0, 0])
})

it('joins its frames in order', () => {
  const run = runOf([2, 3, 5])
  const text = [2, 3, 5].map((offset) => new TextDecoder().decode(entries[offset - 1]?.frame)).join('')
  expect(new TextDecoder().decode(run.bytes)).toBe(text)
  expect([run.length, run.firstOffset, run.lastOffset]).toEqual([text.length, 2, 5])
})

it('is the frame itself where it has but one', () => {
  expect(runOf([3]).bytes).toBe(entries[2]?.frame)
})

describe('sharing', () => {
  it('gives those who take the same entries the same bytes, whoever came between', () => {
    fc.assert(
      fc.property(fc.array(fc.subarray([1, 2, 3, 4, 5]), { maxLength: 20 }), (takers) => {
        const empty = FrameRun.empty()
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
