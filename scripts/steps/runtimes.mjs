import { chromium } from '../lib/chromium.mjs'
import { findFirefox, firefox } from '../lib/firefox.mjs'
import { failed, notRun } from '../lib/step.mjs'
import { vitest } from '../lib/vitest.mjs'
import { findWebKit, webKit } from '../lib/web-kit.mjs'

export const runtimes = {
  name: 'runtimes',
  title: "the client's behaviours in Node, Bun, Deno, workers and browsers",
  needs: ['build'],
  cores: 2,
  prepare: bring,
  async run(context) {
    const browsers = { chromium: await bring(), firefox: findFirefox(), webkit: findWebKit() }
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
  await webKit()
  return chromium()
}
