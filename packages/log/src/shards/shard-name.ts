const digits = 2

/** The most shards that a log may have: what two digits of base 36 count. */
export const mostShards = 36 ** digits

/** The longest epoch that a log may have to be a shard. */
export const longestEpoch = 32 - 2 * digits

/**
 * What tells a shard from every other one, of this number and of any: four characters that stand behind its epochs. So a cursor of a log that was
 * split otherwise, or not at all, is of another epoch for everybody who reads it.
 */
export function nameShard(index: number, count: number): string {
  return base36(index) + base36(count - 1)
}

function base36(number: number): string {
  return number.toString(36).padStart(digits, '0')
}
