/** The candidate that was most likely meant, for "did you mean": with at most so many letters that differ. */
export function nearest(
  wanted: string,
  candidates: readonly string[],
  // Of names of one or two letters, any other is near.
  limit = Math.floor(wanted.length / 3),
): string | undefined {
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates.slice(0, 2_000)) {
    if (Math.abs(candidate.length - wanted.length) > limit) continue
    const distance = editDistance(wanted.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const substitute = (row[j - 1] as number) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(substitute, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[right.length] as number
}
