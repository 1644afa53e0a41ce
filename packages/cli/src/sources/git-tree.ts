import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { GitError, git } from './git.ts'
import { InputError } from './input-error.ts'

/** The files of a repository as they were, in a folder of their own. */
export interface GitTree {
  /** What the given folder was. */
  readonly directory: string
  close(): Promise<void>
}

/**
 * Writes out the files of another state of the repository. Its modules find each other as they were, and the packages that are
 * installed now. Neither the work tree nor the index is touched.
 *
 * @throws InputError when there is no such state
 */
export async function openGitTree(revision: string, directory: string): Promise<GitTree> {
  const { top, prefix, commit } = await ask(revision, directory)
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'millrace-'))
  const close = () => rm(folder, { recursive: true, force: true })
  try {
    const tree = join(folder, 'tree')
    await mkdir(tree)
    const index = { GIT_INDEX_FILE: join(folder, 'index') }
    await git(['read-tree', commit], top, index)
    await git(['checkout-index', '--all', '--quiet', `--prefix=${tree}/`], top, index)
    await linkInstalled(top, directory, tree)
    return { directory: join(tree, prefix), close }
  } catch (error) {
    await close()
    throw error instanceof GitError ? new InputError(`${revision}: ${error.message}`) : error
  }
}

async function ask(revision: string, directory: string) {
  try {
    const top = await git(['rev-parse', '--show-toplevel'], directory)
    const prefix = await git(['rev-parse', '--show-prefix'], directory)
    const commit = await git(['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`], directory)
    return { top: await realpath(top), prefix, commit }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw new InputError(
      `${revision} is no state of a repository: ${error.message}; name one as in HEAD~1:src/contract.ts`,
    )
  }
}

/** Links every `node_modules` between the top and where its files would look for packages. */
async function linkInstalled(top: string, directory: string, tree: string): Promise<void> {
  const files = await git(
    ['ls-files', '--cached', '--full-name', '--', ':(top,glob)**/package.json'],
    directory,
  )
  const folders = new Set(['', ...files.split('\n').map((file) => dirname(file))])
  for (const folder of folders) {
    const installed = join(top, folder, 'node_modules')
    const home = join(tree, folder)
    if (!existsSync(installed) || !existsSync(home) || existsSync(join(home, 'node_modules'))) continue
    await symlink(installed, join(home, 'node_modules'), 'junction')
  }
  // A contract may stand in a folder of its own, above which there is no package.json.
  const own = relative(top, directory)
  if (!folders.has(own) && existsSync(join(directory, 'node_modules')) && existsSync(join(tree, own))) {
    await symlink(join(directory, 'node_modules'), join(tree, own, 'node_modules'), 'junction')
  }
}
