/** Whether an address, taken apart at its slashes, is one that a pattern stands for: `*` fits any segment. */
export function fitsPattern(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((segment, index) => segment === '*' || segment === segments[index])
  )
}
