import { expect, it } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

const takes = (bucket: TokenBucket, now: number, count: number) =>
  Array.from({ length: count }, () => bucket.take(now)).filter(Boolean).length

it('lets a burst through, and then so many a second', () => {
  const bucket = new TokenBucket(10, 5, 0)
  expect(takes(bucket, 0, 20)).toBe(5)
  expect(takes(bucket, 99, 20)).toBe(0)
  expect(takes(bucket, 100, 20)).toBe(1)
  expect(takes(bucket, 300, 20)).toBe(2)
  expect(takes(bucket, 60_000, 20)).toBe(5)
})

it('loses nothing to many small steps, nor to a clock that is put back', () => {
  const bucket = new TokenBucket(1, 1, 0)
  bucket.take(0)
  let taken = 0
  for (let now = 1; now <= 10_000; now += 1) if (bucket.take(now)) taken += 1
  expect(taken).toBeGreaterThanOrEqual(9)
  expect(bucket.take(5)).toBe(false)
  expect(bucket.take(1_005)).toBe(true)
})

it('lets everything through where there is no rate', () => {
  expect(takes(new TokenBucket(Number.POSITIVE_INFINITY, 1, 0), 0, 100)).toBe(100)
})
