import { expect, it } from 'vitest'
import { hashTopic } from './topic-hash.ts'

// The same as in the package's README, for those who publish from elsewhere.
it.each([
  ['', 0xab3e7c0b],
  ['a', 0x1a80b1b3],
  ['orders/42', 0x0747e4fe],
  ['orders/43', 0xfc846973],
  ['stock/7', 0x22d2979c],
  ['rooms/%C3%BC', 0x51b49e1e],
  ['rooms/ü', 0x0beacc13],
])('the hash of %j', (address, hash) => {
  expect(hashTopic(address).toString(16)).toBe(hash.toString(16))
})

it.each([2, 3, 4, 8, 16])('addresses that count upwards are spread over %i shards', (count) => {
  const topics = new Array<number>(count).fill(0)
  for (let order = 0; order < 16_000; order += 1) {
    const shard = hashTopic(`orders/${order}`) % count
    topics[shard] = (topics[shard] ?? 0) + 1
  }
  for (const number of topics) {
    expect(number * count).toBeGreaterThan(0.9 * 16_000)
    expect(number * count).toBeLessThan(1.1 * 16_000)
  }
})
