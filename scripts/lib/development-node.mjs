import { existsSync } from 'node:fs'
import { inRoot } from './root.mjs'
import { SetUpError } from './set-up-error.mjs'

/**
 * The Node that runs the tools, the tests and the sample: the pinned one where the install brought it (Linux on x64 and
 * arm64), else the one that runs this, if it is 22.18 or newer, the first that runs TypeScript by itself.
 *
 * `MILLRACE_NODE=own` prefers the one that runs this, which is how several versions are tested.
 */
export function developmentNode() {
  const pinned = inRoot('node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  if (process.env.MILLRACE_NODE !== 'own' && process.platform === 'linux' && existsSync(pinned)) return pinned

  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath

  throw new SetUpError(
    `To work on Millrace you need Node 22.18 or newer; this is ${process.versions.node}.\n` +
      'Install Node 24 from https://nodejs.org, then run the same command again.\n' +
      '(The published packages run on Node 20.19; on Linux x64 and arm64 the install brings a Node 24 along.)',
  )
}
