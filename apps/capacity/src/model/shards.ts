/** How a log is divided: each shard has an engine of its own, and each topic is in one of them. */
export interface Division {
  readonly shards: number
  /** Topics that events are about, each as often as any other. */
  readonly topics: number
}

/** How much more the fullest shard gets than an even part, on average: topics are divided by a hash, so that the fewer there are, the less even it is. */
export function fullestShard({ shards, topics }: Division): number {
  // Of parts that add up to a whole, each of which would be normally distributed.
  return shards === 1 ? 1 : 1 + greatestOf(shards) * Math.sqrt(shards / topics)
}

/** How many shards so many topics are in, on average: a stream has a place in each of them, and an append of as many events takes a step in each. */
export function shardsOf(topics: number, shards: number): number {
  return shards === 1 ? 1 : shards * -Math.expm1(topics * Math.log1p(-1 / shards))
}

/** The greatest of so many normally distributed numbers, on average, in standard deviations [Blom 1958]. */
function greatestOf(count: number): number {
  const wanted = (count - 0.375) / (count + 0.25)
  let [least, most] = [0, 10]
  while (most - least > 1e-6) {
    const middle = (least + most) / 2
    if (normal(middle) < wanted) least = middle
    else most = middle
  }
  return least
}

// The normal distribution's part below a number from 0 on [Abramowitz and Stegun 26.2.17].
function normal(number: number): number {
  const t = 1 / (1 + 0.2316419 * number)
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - (Math.exp(-(number ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series
}
