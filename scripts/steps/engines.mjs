import { installOnDebian } from '../lib/debian.mjs'
import { findExecutable } from '../lib/executable.mjs'
import { failed, notRun } from '../lib/step.mjs'
import { vitest } from '../lib/vitest.mjs'

/** The programs that the tests of logs start, the packages of Debian that have them, and the variable that names one to the tests. */
const engines = [
  { name: 'Redis', program: 'redis-server', packages: ['redis-server'], variable: 'MILLRACE_REDIS_SERVER' },
]

export const enginesStep = {
  name: 'engines',
  title: 'logs on real engines, which are killed, frozen, cut off and put back',
  async run(context) {
    const absent = missing()
    if (absent.length > 0) await installOnDebian(...absent.flatMap(({ packages }) => packages))
    const names = missing().map(({ name }) => name)
    if (names.length === engines.length) return notRun(`no ${names.join(', ')}`)
    const paths = Object.fromEntries(
      engines.map(({ program, variable }) => [
        variable,
        process.env[variable] ?? findExecutable(program) ?? '',
      ]),
    )
    const result = await vitest(context, 'engines', paths)
    if (result.status !== 'passed' || names.length === 0) return result
    const some = notRun(`${result.note}; no ${names.join(', ')}`)
    return some.status === 'failed' ? failed(result.output, some.note) : { ...result, note: some.note }
  },
}

const missing = () =>
  engines.filter(({ program, variable }) => !process.env[variable] && !findExecutable(program))
