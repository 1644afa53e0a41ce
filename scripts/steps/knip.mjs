import { fromProgram } from '../lib/step.mjs'
import { tool } from '../lib/tool.mjs'

export const knip = {
  name: 'knip',
  title: 'nothing unused, nothing undeclared (knip)',
  run: async () => fromProgram(await tool('knip', ['--no-progress', '--treat-config-hints-as-errors'])),
}
