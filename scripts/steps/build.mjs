import { fromProgram } from '../lib/step.mjs'
import { tool } from '../lib/tool.mjs'

export const build = {
  name: 'build',
  title: 'build of every package and app',
  run: async () =>
    fromProgram(await tool('turbo', ['run', 'build', '--concurrency=2', '--output-logs=errors-only'])),
}
