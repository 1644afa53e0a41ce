import { existsSync, readFileSync } from 'node:fs'
import { run } from './run.mjs'

// Steps run side by side, and apt refuses whoever comes while it is at work.
let last = Promise.resolve()

/**
 * Installs packages of Debian, where this is Debian and who asks is root.
 *
 * @returns whether they are there
 */
export function installOnDebian(...packages) {
  const turn = last.then(() => install(packages))
  last = turn.catch(() => {})
  return turn
}

async function install(packages) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false
  if (!/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) return false
  // Level 1: what is installed for the tests is not started as a service.
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await run('apt-get', ['update'], { environment })
  return (await run('apt-get', ['install', '-y', ...packages], { environment })).code === 0
}
