import type { Command } from '../../command.ts'
import { deliver } from './deliver.ts'
import { generateUsage, parseGenerate } from './generate-options.ts'
import { generation } from './generation.ts'
import { keepGenerating } from './keep-generating.ts'

export const generate: Command = {
  usage: generateUsage,
  async run(args, terminal) {
    const options = parseGenerate(args)
    if (options.watch) return await keepGenerating(options, terminal)
    const made = await generation(options, terminal.directory)
    return await deliver(made, options, terminal)
  },
}
