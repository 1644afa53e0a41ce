import { chromium } from '../lib/chromium.mjs'
import { firefox } from '../lib/firefox.mjs'
import { failed, notRun, passed } from '../lib/step.mjs'
import { testFiles } from '../lib/test-files.mjs'
import { vitest } from '../lib/vitest.mjs'
import { webKit } from '../lib/web-kit.mjs'

export const browser = {
  name: 'browser',
  title: 'tests in a real browser',
  needs: ['build'],
  cores: 2,
  prepare: () => Promise.all([chromium(), firefox(), webKit()]),
  async run(context) {
    const files = testFiles('.browser.test.ts')
    if (files.length === 0) return passed('there are none')

    const executable = await chromium()
    if (executable) {
      const others = { Firefox: await firefox(), WebKit: await webKit() }
      const result = await vitest(context, 'browser', {
        MILLRACE_CHROMIUM: executable,
        MILLRACE_FIREFOX: others.Firefox ?? '',
        MILLRACE_WEBKIT: others.WebKit ?? '',
      })
      const missing = Object.keys(others).filter((name) => others[name] === undefined)
      if (result.status !== 'passed' || missing.length === 0) return result
      const some = notRun(`${result.note}; no ${missing.join(', ')}`)
      return some.status === 'failed' ? failed(result.output, some.note) : { ...result, note: some.note }
    }

    const names = files.map((file) => `NOT RUN  ${file}`).join('\n')
    return notRun('no Chromium', `${names}\nInstall Chromium or Chrome, or name one in MILLRACE_CHROMIUM.`)
  },
}
