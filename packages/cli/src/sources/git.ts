import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What went wrong when git ran, in its words. */
export class GitError extends Error {
  override readonly name = 'GitError'
}

/** What a git command prints, without the line end. @throws GitError */
export async function git(
  args: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout } = await run('git', args, {
      cwd: directory,
      env: { ...process.env, ...environment },
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout.replace(/\r?\n$/, '')
  } catch (cause) {
    const { stderr = '', code } = cause as { stderr?: string; code?: unknown }
    const reason = code === 'ENOENT' ? 'git is not installed' : stderr.trim()
    throw new GitError(reason.replace(/^fatal: /, '') || String(cause), { cause })
  }
}
