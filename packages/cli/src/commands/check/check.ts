import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { ContractModel } from '../../model/contract-model.ts'
import { parseOptions } from '../../parse-options.ts'
import { paint } from '../../report/paint.ts'
import { countProblems, formatProblems } from '../../report/problem-lines.ts'
import { readSource } from '../../sources/read-source.ts'
import { UsageError } from '../../usage-error.ts'

const usage = `Tells whether contracts and documents can be read, and what of them could not be carried over. Nothing is written.

  millrace check [options] <contract or document> …

  millrace check src/shop.ts
  millrace check asyncapi.yaml --strict

  --contract <name>     which one, where a module exports several
  --strict              fails also when something would be lost
  --help                this text

Exit codes: 0 it can be read; 1 it holds an error; 2 the command line or a file was not understood.
`

export const check: Command = {
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, {
      contract: { type: 'string' },
      strict: { type: 'boolean', default: false },
    })
    if (positionals.length === 0)
      throw new UsageError('Which contract? millrace check <contract or document> …')
    let fine = true
    for (const name of positionals) {
      const { contracts, label } = await readSource(name, terminal.directory, values.contract)
      for (const { name, model, problems } of contracts) {
        terminal.note(formatProblems(problems, terminal.noteColor))
        const grave = ({ severity }: { readonly severity: string }) =>
          severity === 'error' || (values.strict && severity === 'loss')
        const holds = model !== undefined && !problems.some(grave)
        fine &&= holds
        const mark = holds ? paint('green', 'ok', terminal.color) : paint('red', 'not ok', terminal.color)
        const size = model === undefined ? name : sizeOf(model)
        const found = problems.length === 0 ? '' : `; ${countProblems(problems)}`
        terminal.print(`${mark}  ${label}: ${size}${found}\n`)
      }
    }
    return fine ? exitCodes.fine : exitCodes.notFine
  },
}

/** `shop 1.0.0, 3 channels, 12 events`. */
function sizeOf({ name, version, channels }: ContractModel): string {
  const events = channels.reduce((sum, { events }) => sum + events.length, 0)
  return `${name} ${version}, ${count(channels.length, 'channel')}, ${count(events, 'event')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
