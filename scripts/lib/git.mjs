import { run } from './run.mjs'

/** The words that git answers with; undefined where it fails, as outside a repository. */
export async function git(...parameters) {
  const { code, stdout } = await run('git', parameters)
  return code === 0 ? stdout.trimEnd() : undefined
}

/** What git says of the working tree, each new file by name. */
export const treeState = () => git('status', '--porcelain', '--untracked-files=all')
