import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { developmentNode } from './development-node.mjs'
import { toolEnvironment } from './environment.mjs'

/**
 * Gives the terminal to a program of ours and ends as it ends: same exit code, and 128 plus its number for a signal.
 *
 * @param options `flags` are for Node itself
 */
export function handOver(entry, parameters, { directory, flags = [] }) {
  const child = spawn(developmentNode(), [...flags, entry, ...parameters], {
    cwd: directory,
    env: toolEnvironment(),
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to the child itself; passing it on would make it a second, impatient one.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  if (process.env.npm_lifecycle_event) endWithParent(child)
  child.once('error', (error) => {
    console.error(error.message)
    process.exit(1)
  })
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

// npm sends a SIGTERM to the shell that it put in between, and the shell dies of it without a word to us.
function endWithParent(child) {
  const parent = process.ppid
  const look = () => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }
  setInterval(look, 500).unref()
}
