import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pnpm } from './pnpm.mjs'
import { publicPackages } from './workspace.mjs'

/**
 * Packs every public package as it would be published.
 *
 * @returns its tarball by package name
 */
export async function packAll(folder) {
  await mkdir(folder, { recursive: true })
  const tarballs = new Map()
  for (const { name, directory, manifest } of publicPackages()) {
    const { code, output } = await pnpm(['pack', '--pack-destination', folder], { directory })
    const file = join(folder, `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`)
    if (code !== 0 || !existsSync(file)) throw new Error(`pnpm pack of ${name} failed:\n${output}`)
    tarballs.set(name, file)
  }
  return tarballs
}
