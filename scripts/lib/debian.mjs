import { existsSync, readFileSync } from 'node:fs'
import { run } from './run.mjs'

// Steps run side by side, and apt refuses whoever comes while it is at work.
let last = Promise.resolve()
let updated
const asked = new Map()

/**
 * Installs packages of Debian, where this is Debian and who asks is root. Whoever asks for the same again waits for the same.
 *
 * @returns whether they are there
 */
export function installOnDebian(...packages) {
  const names = packages.join(' ')
  if (!asked.has(names)) {
    const turn = last.then(() => install(packages))
    last = turn.catch(() => {})
    asked.set(names, turn)
  }
  return asked.get(names)
}

async function install(packages) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false
  if (!/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) return false
  // Level 1: what is installed for the tests is not started as a service.
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  updated ??= run('apt-get', ['update'], { environment })
  await updated
  return (await run('apt-get', ['install', '-y', ...packages], { environment })).code === 0
}
