import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openGitTree } from './git-tree.ts'
import { InputError } from './input-error.ts'
import { findInstalled } from './installed-package.ts'

/** A file that holds a contract, wherever it was taken from. */
export interface Location {
  /** As it was named, which is what it is called in messages. */
  readonly label: string
  /** The file on disk. */
  readonly path: string
  /** What comes before paths in the label: `HEAD~1:`. */
  readonly prefix: string
  /** The folder that paths in the label start from. */
  readonly root: string
  /** Removes what was made for reading it. */
  close(): Promise<void>
}

const nothing = async () => {}

/**
 * Finds what a command line names: a file, a file as it is in another state of the repository (`HEAD~1:src/shop.ts`), or an
 * installed package (`@acme/contracts`).
 *
 * @throws InputError
 */
export async function locate(name: string, directory: string): Promise<Location> {
  const path = resolve(directory, name)
  if (existsSync(path)) {
    if (!statSync(path).isDirectory())
      return { label: name, path, prefix: '', root: directory, close: nothing }
    throw new InputError(`${name} is a folder; name the file in it that holds the contract`)
  }
  const [, revision, file] = /^([^:]{2,}):(.+)$/.exec(name) ?? []
  if (revision !== undefined && file !== undefined) {
    const tree = await openGitTree(revision, directory)
    const path = join(tree.directory, file)
    if (existsSync(path)) {
      return { label: name, path, prefix: `${revision}:`, root: tree.directory, close: tree.close }
    }
    await tree.close()
    throw new InputError(`there is no file ${file} in ${revision}; paths start from ${directory}`)
  }
  const installed = findInstalled(name, directory)
  if (installed !== undefined) {
    return { label: name, path: installed, prefix: '', root: directory, close: nothing }
  }
  throw new InputError(
    `there is no file ${name}, and no package of that name is installed; a file of another state of the ` +
      'repository is named as in HEAD~1:src/contract.ts',
  )
}
