import { toolEnvironment } from './environment.mjs'
import { inRoot, root } from './root.mjs'
import { run } from './run.mjs'

/** Runs the workspace's own pnpm, which is a native program and no JavaScript, unlike the other tools. */
export function pnpm(parameters, { directory = root } = {}) {
  const windows = process.platform === 'win32'
  return run(inRoot('node_modules', '.bin', windows ? 'pnpm.cmd' : 'pnpm'), parameters, {
    directory,
    environment: toolEnvironment(),
    shell: windows,
  })
}
