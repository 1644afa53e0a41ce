import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/** Path of a Chromium or Chrome on this machine; installed first where that can be done. Undefined where there is none. */
export async function chromium() {
  return find() ?? ((await installOnDebian()) ? find() : undefined)
}

function find() {
  const named = process.env.MILLRACE_CHROMIUM
  if (named) return isExecutable(named) ? named : undefined
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...elsewhere].find(
    isExecutable,
  )
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// Debian alone: Ubuntu's package of that name is a snap, which does not run in a container.
async function installOnDebian() {
  if (process.env.MILLRACE_CHROMIUM || process.getuid?.() !== 0 || !existsSync('/etc/os-release'))
    return false
  if (!/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) return false
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { environment })
  return (await run('apt-get', ['install', '-y', 'chromium'], { environment })).code === 0
}
