import { installOnDebian } from './debian.mjs'
import { findExecutable, isExecutable } from './executable.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/** Path of a Chromium or Chrome on this machine; installed first where that can be done. Undefined where there is none. */
export async function chromium() {
  const named = process.env.MILLRACE_CHROMIUM
  if (named) return isExecutable(named) ? named : undefined
  // Not on Ubuntu, whose package of that name is a snap, which does not run in a container.
  return find() ?? ((await installOnDebian('chromium')) ? find() : undefined)
}

function find() {
  return findExecutable(...names) ?? elsewhere.find(isExecutable)
}
