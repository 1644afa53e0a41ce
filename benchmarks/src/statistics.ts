/** The middle value; the upper one of two. What could not be measured, which JSON writes as null, is let be. */
export function median(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null && !Number.isNaN(value)) as number[]
  return known.sort((left, right) => left - right)[Math.floor(known.length / 2)] ?? Number.NaN
}
