import { run } from '../lib/run.mjs'

/**
 * Runs npm in a folder, and throws what it says where it fails. npm and not pnpm: most people have it, and it hoists, so
 * it is the stricter judge of what a package forgot to bundle or to declare.
 */
export async function npm(directory, ...parameters) {
  const { code, output } = await run('npm', [...parameters, '--no-audit', '--no-fund', '--loglevel=error'], {
    directory,
    shell: process.platform === 'win32',
  })
  if (code !== 0) throw new Error(`npm ${parameters.join(' ')} failed:\n${output}`)
}
