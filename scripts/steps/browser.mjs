import { chromium } from '../lib/chromium.mjs'
import { notRun, passed } from '../lib/step.mjs'
import { testFiles } from '../lib/test-files.mjs'
import { vitest } from '../lib/vitest.mjs'

export const browser = {
  name: 'browser',
  title: 'tests in a real browser',
  needs: ['build'],
  cores: 2,
  prepare: chromium,
  async run(context) {
    const files = testFiles('.browser.test.ts')
    if (files.length === 0) return passed('there are none')

    const executable = await chromium()
    if (executable) return vitest(context, 'browser', { MILLRACE_CHROMIUM: executable })

    const names = files.map((file) => `NOT RUN  ${file}`).join('\n')
    return notRun('no Chromium', `${names}\nInstall Chromium or Chrome, or name one in MILLRACE_CHROMIUM.`)
  },
}
