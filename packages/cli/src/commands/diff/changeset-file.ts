import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { UsageError } from '../../usage-error.ts'

/** Where a changeset goes, and for whom it is. */
export interface ChangesetPlace {
  /** The `.changeset` folder. */
  readonly folder: string
  readonly packageName: string
  /** The version that the package has now, where a package.json tells. */
  readonly packageVersion?: string
}

/** Finds both, from the file of the new contract upwards. @throws UsageError when there are none */
export async function changesetPlace(
  source: string,
  directory: string,
  packageName: string | undefined,
): Promise<ChangesetPlace> {
  const start = existsSync(resolve(directory, source)) ? dirname(resolve(directory, source)) : directory
  const folder = upwards(start, '.changeset')
  if (folder === undefined) {
    throw new UsageError(
      `no folder .changeset above ${relative(directory, start) || '.'}; npx changeset init makes one`,
    )
  }
  const manifest = upwards(start, 'package.json')
  const { name, version } = manifest === undefined ? {} : JSON.parse(await readFile(manifest, 'utf8'))
  if (packageName !== undefined && packageName !== name) return { folder, packageName }
  if (typeof name === 'string') return { folder, packageName: name, packageVersion: version }
  throw new UsageError(
    'no package.json above the contract tells the name of its package; give it with --package',
  )
}

/** The name of the file for a changeset: the same text gets the same name, so that a second run adds nothing. */
export function changesetName(contract: string, text: string): string {
  return `${contract}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.md`
}

function upwards(start: string, name: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = join(folder, name)
    if (existsSync(found)) return found
    if (folder === dirname(folder)) return undefined
  }
}
