import { passed } from '../lib/step.mjs'
import { testFiles } from '../lib/test-files.mjs'
import { vitest } from '../lib/vitest.mjs'

export const typeTests = {
  name: 'type-tests',
  title: 'type tests',
  run: (context) =>
    // vitest fails on a pattern that names no project, and there is a project only for a package that has some.
    testFiles('.test-d.ts').length === 0 ? passed('there are none') : vitest(context, 'types:*'),
}
