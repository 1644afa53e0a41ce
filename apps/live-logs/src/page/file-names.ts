/** For each path the shortest tail, in whole segments, that no other path shares. */
export function shortNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const segments = new Map(paths.map((path) => [path, path.split('/').filter(Boolean)]))
  const names = new Map<string, string>()
  for (const [path, own] of segments) {
    let length = 1
    const tail = () => own.slice(-length).join('/')
    const shared = () =>
      [...segments].some(([other, theirs]) => other !== path && theirs.slice(-length).join('/') === tail())
    while (length < own.length && shared()) length += 1
    names.set(path, shared() || tail() === '' ? path : tail())
  }
  return names
}
