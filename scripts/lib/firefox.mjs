import { installOnDebian } from './debian.mjs'
import { findExecutable, isExecutable } from './executable.mjs'

/** Path of a Firefox on this machine, which can be named in MILLRACE_FIREFOX. Undefined where there is none. */
export function findFirefox() {
  const named = process.env.MILLRACE_FIREFOX
  if (named && isExecutable(named)) return named
  return findExecutable('firefox-esr', 'firefox')
}

/** The same, installed first where that can be done. */
export async function firefox() {
  return findFirefox() ?? ((await installOnDebian('firefox-esr')) ? findFirefox() : undefined)
}
