import { installOnDebian } from './debian.mjs'
import { findExecutable, isExecutable } from './executable.mjs'

/** Path of WebKitGTK's own browser on this machine, which can be named in MILLRACE_WEBKIT. Undefined where it or a screen (Xvfb) is missing. */
export function findWebKit() {
  // It is a browser for developers, and lies beside its libraries.
  const triples = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }
  const path = `/usr/lib/${triples[process.arch]}/webkit2gtk-4.1/MiniBrowser`
  if (findExecutable('Xvfb') === undefined) return undefined
  return [process.env.MILLRACE_WEBKIT, path].find((path) => path && isExecutable(path))
}

/** The same, installed first where that can be done. What it is shown on is no part of it. */
export async function webKit() {
  return findWebKit() ?? ((await installOnDebian('libwebkit2gtk-4.1-0', 'xvfb')) ? findWebKit() : undefined)
}
