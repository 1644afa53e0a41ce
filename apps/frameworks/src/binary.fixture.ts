import { existsSync } from 'node:fs'
import { join } from 'node:path'

const packages = join(import.meta.dirname, '../node_modules')

/** The first of these files that was installed: each belongs to the package of one system. */
const findBinary = (...names: readonly string[]) =>
  names.map((name) => join(packages, name)).find((file) => existsSync(file))

export const bun = findBinary(
  '@oven/bun-linux-x64/bin/bun',
  '@oven/bun-linux-aarch64/bin/bun',
  '@oven/bun-darwin-aarch64/bin/bun',
)
export const deno = findBinary(
  '@deno/linux-x64-glibc/deno',
  '@deno/linux-arm64-glibc/deno',
  '@deno/darwin-arm64/deno',
)
export const workerd = findBinary(
  '@cloudflare/workerd-linux-64/bin/workerd',
  '@cloudflare/workerd-linux-arm64/bin/workerd',
  '@cloudflare/workerd-darwin-arm64/bin/workerd',
)
