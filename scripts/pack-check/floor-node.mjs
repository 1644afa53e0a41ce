import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { npm } from './npm.mjs'

/**
 * A Node 20, the oldest that the published packages promise to run on: the one that runs this, or on Linux one from npm.
 * Elsewhere the one that runs this, whatever it is.
 *
 * @returns `{ path, version }`
 */
export async function floorNode(folder) {
  const own = { path: process.execPath, version: process.versions.node }
  if (own.version.startsWith('20.') || process.platform !== 'linux') return own

  const name = `node-linux-${process.arch}`
  await mkdir(folder)
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  await npm(folder, 'install', `${name}@20`)
  const installed = join(folder, 'node_modules', name)
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
  return { path: join(installed, 'bin', 'node'), version }
}
