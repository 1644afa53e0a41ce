/** Two texts about one thing as one, without saying the same twice. */
export function joinTexts(first: string | undefined, second: string | undefined): string | undefined {
  if (first === undefined || second === undefined) return first ?? second
  const [one, other] = [first.trim(), second.trim()]
  if (one.includes(other)) return one
  return other.startsWith(one) ? other : `${one}\n\n${other}`
}
