/** A channel's path with its params left open, which is all that an address has of it: `orders/*`. */
export function skeletonOf(path: string): string {
  return path.replaceAll(/\{[^}]*\}/g, '*')
}

/** The names of a path's params, in their order. */
export function paramNames(path: string): readonly string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
}
