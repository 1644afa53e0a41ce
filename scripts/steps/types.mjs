import { fromProgram } from '../lib/step.mjs'
import { tool } from '../lib/tool.mjs'

export const types = {
  name: 'types',
  title: 'types of every package and app',
  run: async () =>
    fromProgram(
      await tool('turbo', ['run', 'types', '--continue', '--concurrency=1', '--output-logs=errors-only']),
    ),
}
