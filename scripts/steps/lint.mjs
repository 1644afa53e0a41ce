import { fromProgram } from '../lib/step.mjs'
import { tool } from '../lib/tool.mjs'

export const lint = {
  name: 'lint',
  title: 'format and lint',
  run: async () => fromProgram(await tool(['@biomejs/biome', 'biome'], ['check'])),
}
