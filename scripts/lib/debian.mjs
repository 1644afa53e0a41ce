import { existsSync, readFileSync } from 'node:fs'
import { run } from './run.mjs'

/**
 * Installs packages of Debian, where this is Debian and who asks is root.
 *
 * @returns whether they are there
 */
export async function installOnDebian(...packages) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false
  if (!/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) return false
  // Level 1: what is installed for the tests is not started as a service.
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await run('apt-get', ['update'], { environment })
  return (await run('apt-get', ['install', '-y', ...packages], { environment })).code === 0
}
