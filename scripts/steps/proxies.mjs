import { installOnDebian } from '../lib/debian.mjs'
import { findExecutable } from '../lib/executable.mjs'
import { failed, notRun } from '../lib/step.mjs'
import { vitest } from '../lib/vitest.mjs'

const programs = ['nginx', 'haproxy', 'caddy']

export const proxies = {
  name: 'proxies',
  title: 'streams pass nginx, HAProxy and Caddy, with the configurations of the guide',
  prepare: bring,
  async run(context) {
    await bring()
    if (missing().length === programs.length) return notRun(`no ${programs.join(', ')}`)
    const paths = Object.fromEntries(
      programs.map((name) => [`MILLRACE_${name.toUpperCase()}`, findExecutable(name) ?? '']),
    )
    const result = await vitest(context, 'proxies', paths)
    if (result.status !== 'passed' || missing().length === 0) return result
    const some = notRun(`${result.note}; no ${missing().join(', ')}`)
    return some.status === 'failed' ? failed(result.output, some.note) : { ...result, note: some.note }
  },
}

async function bring() {
  if (missing().length > 0) await installOnDebian(...missing())
}

const missing = () => programs.filter((name) => findExecutable(name) === undefined)
