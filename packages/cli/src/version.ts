import { readFileSync } from 'node:fs'

// As far from `dist/` as from `src/`.
const manifest = new URL('../package.json', import.meta.url)

/** The version of this package. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}
