import { tail } from './tail.ts'
import { parseTail, tailUsage } from './tail-options.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

const usage = `Typed event streams from the terminal.

  millrace tail <url> <topic> …   prints events as they come
  millrace <command> --help       how to use a command
`

/**
 * Runs a command.
 *
 * @returns the exit code: 0 when it was told to end, 1 when it could not go on, 2 when it was not understood
 */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args
  try {
    if (name === undefined || name === '--help' || name === '-h') {
      terminal.print(usage)
      return name === undefined ? 2 : 0
    }
    if (name !== 'tail') throw new UsageError(`There is no command "${name}"; there is "tail".`)
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.print(tailUsage)
      return 0
    }
    return await tail(parseTail(rest), terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.note(`${error.message}\n`)
    return 2
  }
}
