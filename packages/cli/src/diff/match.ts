/** What became what. */
export interface Matched<T> {
  readonly pairs: readonly (readonly [T, T])[]
  readonly lost: readonly T[]
  readonly gained: readonly T[]
}

/**
 * Pairs the members of two lists by their keys; then those that are left where one is, beyond doubt, the renamed other.
 *
 * @param isRenamed whether one could be the other under another key; it counts where just one pair could
 */
export function matchByKey<T>(
  old: readonly T[],
  next: readonly T[],
  keyOf: (member: T) => string,
  isRenamed: (from: T, to: T) => boolean,
): Matched<T> {
  const byKey = new Map(next.map((member) => [keyOf(member), member]))
  const kept = new Set(old.map(keyOf))
  const missing = old.filter((member) => !byKey.has(keyOf(member)))
  const fresh = next.filter((member) => !kept.has(keyOf(member)))
  const renamed = new Map<T, T>()
  for (const from of missing) {
    const [to, other] = fresh.filter((candidate) => isRenamed(from, candidate))
    if (to === undefined || other !== undefined) continue
    if (missing.filter((candidate) => isRenamed(candidate, to)).length === 1) renamed.set(from, to)
  }
  const taken = new Set(renamed.values())
  return {
    pairs: old.flatMap((from): (readonly [T, T])[] => {
      const to = byKey.get(keyOf(from)) ?? renamed.get(from)
      return to === undefined ? [] : [[from, to]]
    }),
    lost: missing.filter((member) => !renamed.has(member)),
    gained: fresh.filter((member) => !taken.has(member)),
  }
}
