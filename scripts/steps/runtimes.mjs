import { chromium } from '../lib/chromium.mjs'
import { installOnDebian } from '../lib/debian.mjs'
import { findExecutable, isExecutable } from '../lib/executable.mjs'
import { findFirefox, firefox } from '../lib/firefox.mjs'
import { failed, notRun } from '../lib/step.mjs'
import { vitest } from '../lib/vitest.mjs'

export const runtimes = {
  name: 'runtimes',
  title: "the client's behaviours in Node, Bun, Deno, workers and browsers",
  needs: ['build'],
  cores: 2,
  prepare: bring,
  async run(context) {
    const browsers = { chromium: await bring(), firefox: findFirefox(), webkit: webKit() }
    const environment = Object.fromEntries(
      Object.entries(browsers).map(([name, path]) => [`MILLRACE_${name.toUpperCase()}`, path ?? '']),
    )
    const missing = Object.keys(browsers).filter((name) => browsers[name] === undefined)
    const result = await vitest(context, 'runtimes', environment)
    if (result.status !== 'passed' || missing.length === 0) return result
    const some = notRun(`${result.note}; no ${missing.join(', ')}`)
    return some.status === 'failed' ? failed(result.output, some.note) : { ...result, note: some.note }
  },
}

/** @returns the path of Chromium, which others need too */
async function bring() {
  await firefox()
  // What it is shown on is no part of it.
  if (webKit() === undefined) await installOnDebian('libwebkit2gtk-4.1-0', 'xvfb')
  return chromium()
}

const named = (name) => [process.env[name]].find((path) => path && isExecutable(path))

// It is a browser for developers, and lies beside its libraries.
function webKit() {
  const triples = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }
  const path = `/usr/lib/${triples[process.arch]}/webkit2gtk-4.1/MiniBrowser`
  if (findExecutable('Xvfb') === undefined) return undefined
  return named('MILLRACE_WEBKIT') ?? (isExecutable(path) ? path : undefined)
}
